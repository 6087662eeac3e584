-- Every clock runs by a version of the policy that there is.
SELECT c.ticket_id FROM ticket_clock c
LEFT JOIN desk_policy p ON p.kind = 'sla' AND p.version = c.policy_version
WHERE p.version IS NULL
ORDER BY c.ticket_id
