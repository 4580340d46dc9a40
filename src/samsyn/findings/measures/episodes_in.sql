select finding_id, organisation_id, operated_by_id, report, taxonomy, rsit_type, severity,
  episode, opened_on, closed_on
from $episodes
where opened_on <= $until::date and (closed_on is null or closed_on >= $since::date)
order by opened_on, finding_id, episode
