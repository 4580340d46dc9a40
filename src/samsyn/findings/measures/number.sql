-- Gives each new finding its number, in an order that does not depend on how files came.
create or replace temp table numbers as
select organisation_id, subject, port,
  $first_id - 1 + row_number() over (order by organisation_id, subject, port) as finding_id
from episodes where is_last and finding_id is null;

create or replace temp table folded as
select e.* replace (coalesce(e.finding_id, n.finding_id) as finding_id),
  n.finding_id is not null as is_new
from episodes e
left join numbers n
  on n.organisation_id = e.organisation_id and n.subject = e.subject and n.port = e.port
order by finding_id
