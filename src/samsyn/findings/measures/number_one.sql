-- The same as number.sql after fold_one.sql, where a new finding has one episode.
create or replace temp table told as
select * replace (
    coalesce(finding_id, $first_id - 1 + row_number() over (
      partition by finding_id is null order by organisation_id, subject, port
    )) as finding_id
  ), finding_id is null as is_new
from episodes
