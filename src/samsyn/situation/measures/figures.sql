-- Per organisation and cut: how many are open at the end, were before, came and went.
-- Parameters: begins, ends, before_ends (dates). Relation episodes: see situation.measures.
-- An episode is a stretch of time in which a finding was open; a finding that came back has several.
-- It counts once, as in the rows that a figure opens.
with episode as (
  select *,
    opened_on <= $ends and (closed_on is null or closed_on > $ends) as is_open,
    opened_on <= $before_ends and (closed_on is null or closed_on > $before_ends) as was_open,
    opened_on between $begins and $ends as is_new,
    opened_on between $before_begins and $before_ends as was_new,
    closed_on between $begins and $ends as is_closed,
    closed_on between $before_begins and $before_ends as was_closed
  from episodes
  where opened_on <= $ends
)
select
  organisation_id,
  severity,
  taxonomy,
  report,
  grouping(organisation_id, severity, taxonomy, report) as cut,
  count(distinct finding_id) filter (where is_open) as open,
  count(distinct finding_id) filter (where was_open) as open_before,
  count(distinct finding_id) filter (where is_new) as new,
  count(distinct finding_id) filter (where was_new) as new_before,
  count(distinct finding_id) filter (where is_closed) as closed,
  count(distinct finding_id) filter (where was_closed) as closed_before,
  median(date_diff('day', opened_on, closed_on)) filter (where is_closed) as days_to_fix,
  median(date_diff('day', opened_on, closed_on)) filter (where was_closed) as days_to_fix_before,
  count(distinct organisation_id) filter (where is_open) as members
from episode
group by grouping sets (
  (organisation_id), (organisation_id, severity), (organisation_id, taxonomy), (organisation_id, report),
  (), (severity), (taxonomy), (report)
)
