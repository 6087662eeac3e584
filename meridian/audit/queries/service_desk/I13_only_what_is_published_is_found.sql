-- An article is found by words exactly if it is published, and what is published is one of its versions.
SELECT a.id AS id FROM article a
WHERE (a.state <> 'published' AND EXISTS (SELECT 1 FROM article_word w WHERE w.article_id = a.id))
   OR (a.published_no IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM article_version v WHERE v.article_id = a.id AND v.no = a.published_no))
   OR (SELECT COUNT(*) FROM article_version v WHERE v.article_id = a.id) <> a.latest_no
ORDER BY a.id
