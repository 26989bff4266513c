# A plan of rules/ for a real machine: without what only the demo needs.
# The demo's queues have overrides that make a simulated surge quick to watch: away with them.
/- queues: \[\(sales\|售后服务\)/{
:more
N
/for: 5s[^\n]*$/!b more
d
}
# Every queue, and not those of the demo.
s/^  queues: \[sales, .*/  queues: ["*"]                # every queue; or by name, such as [orders, "vip-*"]/
# As installed there is no source, so none can be lost.
/^  - id: feed-lost/{
i\
# With the source acd-1 in surged.yaml, take the "#" away: no data is never "no calls".
:lost
s/^/#/
n
/^ *$/b
b lost
}
