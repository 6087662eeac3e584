-- Every entry is sealed and has postings.
SELECT e.id AS id FROM journal_entry e
WHERE NOT EXISTS (SELECT 1 FROM journal_seal s WHERE s.entry_id = e.id)
   OR NOT EXISTS (SELECT 1 FROM posting p WHERE p.entry_id = e.id)
ORDER BY e.id
