"""What playbooks choose from."""

#: Customers of one batch of the scheduled action.
BATCH = 500

TRIGGERS = [
    ("stage_enter", "Enters a lifecycle stage"),
    ("stage_leave", "Leaves a lifecycle stage"),
    ("tier_up", "Rises to a higher tier"),
    ("tier_down", "Falls to a lower tier"),
    ("silent", "Is silent longer than usual"),
    ("first_order", "Buys for the first time"),
    ("complaint_solved", "Had a complaint solved"),
    ("unhappy", "Is unhappy with an answer"),
    ("date", "Has a date"),
]
#: Triggers that have a way back: the customer can leave what it entered.
REVERSIBLE = {"stage_enter", "tier_down"}
#: Triggers that days bring about: looked at once a day.
DAILY = {"silent", "date"}
ASSIGNEES = [
    ("manager", "The account manager"),
    ("people", "These people in turn"),
    ("leader", "The leader of the ticket team"),
]
ENDS = [
    ("done", "All steps done"),
    ("ordered", "It ordered"),
    ("left", "It is no longer so"),
    ("asked", "The customer asked to stop"),
    ("closed", "Closed by a person"),
    ("off", "Ended with its playbook"),
    ("archived", "The customer was archived"),
    ("running", "Was in it already"),
]
