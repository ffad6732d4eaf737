-- The summary of the intake, after the loop: how many documents of each kind were parsed on each day.
--
-- Parameters  :catalog, :schema  where documents is, and the summary goes
USE IDENTIFIER('`' || :catalog || '`.`' || :schema || '`');

CREATE OR REPLACE TABLE documents_summary
COMMENT 'Documents by day and kind, one parsed twice on the later day only'
AS SELECT
  to_date(latest.parsed_at) AS day,
  latest.kind,
  count(*) AS documents,
  sum(latest.records) AS records,
  sum(latest.bytes) AS bytes
FROM (
  SELECT max(struct(parsed_at, kind, records, bytes)) AS latest
  FROM documents
  GROUP BY path
) AS parsed
GROUP BY to_date(latest.parsed_at), latest.kind;
