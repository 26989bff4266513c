# rules/site.yaml for a real machine: its own id, and the demo's queues as an example.
1i\
# After a change: surgectl check && surgectl reload
s/^  id: hz$/  id: main                     # in metrics, incident ids and sources/
/^queues:/,/^$/{
s/售后服务/after-sales/
s/^./#&/
}
