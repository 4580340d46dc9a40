select coalesce(($by)::varchar, '') as label, sum(observations)::bigint as observations
from $counts
where organisation_id is null
group by 1
order by observations desc, label
limit $limit
