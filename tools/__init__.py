"""Pure decision kernels: facts and a policy in, decisions with their reasons out.

Nothing here imports Odoo, reads a clock, a file or a database. Every function takes its date as an
argument and works on whole arrays (one element per customer). Read in this order::

    errors     what is wrong with a policy, as codes
    dates      a date as an int32 count of days
    rhythm     how often a customer usually buys, and how long it has been silent
    cutpoints  where the levels of a score begin, from a company's own data
    scoring    recency, frequency, money -> levels -> one score of 0..100
    tiers      score and previous tier -> value tier, with keep margin and dwell time
    outlook    one customer: what separates it from the next tier, when it would fall
    lifecycle  silence, age and trend -> lifecycle stage, with hysteresis
"""
