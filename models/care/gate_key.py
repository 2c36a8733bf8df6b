"""What shows that a message comes from the gate: an object that no request can bring along."""

GATE = object()
#: The key of the context under which it is shown.
GATE_KEY = "customer_care_gate"


def past_gate(env) -> bool:
    return env.context.get(GATE_KEY) is GATE
