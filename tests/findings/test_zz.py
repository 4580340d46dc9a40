import time, pytest, cProfile, pstats
from datetime import date, timedelta
from django.db import connection
from tests.cast import *
from samsyn.organisations.models import Agreement, Contact, Lineage, Organisation
from samsyn.findings.telling import finding_tell
from samsyn.findings import telling_selectors as ts
from samsyn.findings.models import Finding
from django.urls import reverse
@pytest.mark.django_db
def test_x(cast, client):
    reports=["scan_rdp","scan_smb","scan_telnet","scan_mqtt","scan_ftp","scan_vnc","scan_snmp","scan_mongodb","scan_redis","scan_xx","scan_yy","scan_zz"]
    orgs=Organisation.everything.bulk_create(Organisation(name=f"M{n}",kind="municipality") for n in range(357))
    Lineage.objects.bulk_create(Lineage(ancestor=o,descendant=o,same_entity=True) for o in orgs)
    Agreement.everything.bulk_create(Agreement(organisation=o,operator=cast.samvakt,service="csirt",valid_from=date(2025,1,1)) for o in orgs)
    Contact.everything.bulk_create(Contact(organisation=o,purpose="technical",email=f"d@{o.name}.example") for o in orgs)
    Finding.everything.bulk_create([Finding(organisation=orgs[n%357],report=reports[n%12],subject=f"198.18.{n//256}.{n%256}",port=3389,protocol="tcp",taxonomy="vulnerable",rsit_type="weak-crypto",severity=n%5,first_seen_at=NOON,last_seen_at=NOON,last_reported_on=TODAY,state_since=NOON) for n in range(50000)], batch_size=2000)
    client.be(cast.people["astrid"])
    for _ in range(2):
        t=time.time(); r=client.get(reverse("findings:tell")); print("tell page", time.time()-t, len(r.content))
    t=time.time(); r=client.get(reverse("findings:tell-preview", args=[orgs[5].pk])); print("preview", time.time()-t, r.status_code)
    t=time.time(); p=cProfile.Profile(); p.enable()
    told=finding_tell(actor=cast.astrid, operator=cast.samvakt, now=NOON)
    p.disable(); print("tell all", time.time()-t, told.members, told.findings)
    pstats.Stats(p).sort_stats("cumtime").print_stats(45)
    t=time.time(); finding_tell(actor=cast.astrid, operator=cast.samvakt, now=NOON); print("again", time.time()-t)
    t=time.time(); r=client.get(reverse("messages:outbox")); print("outbox", time.time()-t, len(r.content))
