"""Pure decision kernels: facts and a policy in, decisions with their reasons out.

Nothing here imports Odoo, reads a clock, a file or a database. Every function takes its date as an
argument; those that judge customers work on whole arrays, one element each. Read in this order::

    errors     what is wrong with a policy, as codes
    dates      a date as an int32 count of days
    rhythm     how often a customer usually buys, and how long it has been silent
    cutpoints  where the levels of a score begin, from a company's own data
    scoring    recency, frequency, money -> levels -> one score of 0..100
    tiers      score and previous tier -> value tier, with keep margin and dwell time
    lifecycle  silence, age and trend -> lifecycle stage, with hysteresis
    judgement  all of these together: rows of facts and standing in, what to write about them out

and beside these, what is asked of them::

    outlook, ways      one customer: when it would fall, what it would have to buy for the next tier
    replay             past days, judged again
    trial, histogram   what a policy would do to everybody
    natural_breaks     another way to find cut-points
    policy_difference  what changed between two policies

Of follow-ups: ``cadence`` (how often to be in touch, when next) and ``levelling`` (on which day).

Of care: ``occasion`` (when it is), ``care_gate`` (who may be written to) and ``holdout`` (whether it
helps).

Of what customers buy on: ``demand_limits``, ``demand_facts`` (what was bought, added up) and
``demand_focus`` (which focus that speaks for, or none).

Of tickets: ``sla_clock`` (working time promised and used), ``automatic_mail`` (which mail no person
wrote), ``customer_files`` (which files are taken) and ``recurrence`` (what keeps happening).
"""
