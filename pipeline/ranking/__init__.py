"""The order of units inside their block, of people and collectives inside each title, and how sure it is.

Contract of the modules on people and collectives (`components`, `declared`, `eligibility`, `lexicographic`,
`nominees`, `quota_places`, `nominee_words`, `nominee_listing`): they read the evidence of the run and what the checks
said, change nothing, never raise on bad data, and do not depend on the order of rows or on what people and units are
called. The order is a chain of components that the unit declared, each shown by itself; there is no total. Missing
data stay missing: they stand last in their component, are said, and widen the interval of places. Ties stay ties.

The order of a unit (of a block for collectives) is the one that counts; orders over several units exist only as what
they would be if the council pooled the quota.
"""
