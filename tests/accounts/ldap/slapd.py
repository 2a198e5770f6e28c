"""A real directory: OpenLDAP's slapd on a port and in a folder of its own, with certificates of its own."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import trustme
from tests.ports import free_port

from deskbay.accounts.ldap.directory import Directory
from deskbay.kit.sign_in_places import LdapDirectory

BASE = "dc=school,dc=example"
SEARCHER, SEARCHERS_PASSWORD = f"cn=deskbay,{BASE}", "only looks people up"
LIMIT_SECONDS = 60
SLAPD = shutil.which("slapd", path="/usr/sbin:/usr/bin")
SLAPADD = shutil.which("slapadd", path="/usr/sbin:/usr/bin")
CONFIG = """
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/nis.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile {folder}/slapd.pid
TLSCertificateFile {folder}/cert.pem
TLSCertificateKeyFile {folder}/key.pem
database mdb
suffix "{base}"
directory {folder}/data
access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact="{searcher}" read by * none
"""
ENTRIES = """
dn: {base}
objectClass: dcObject
objectClass: organization
dc: school
o: School

dn: {searcher}
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: deskbay
userPassword: {searchers_password}

dn: ou=people,{base}
objectClass: organizationalUnit
ou: people

dn: ou=groups,{base}
objectClass: organizationalUnit
ou: groups
"""
PERSON = """
dn: uid={uid},ou=people,{base}
objectClass: inetOrgPerson
uid: {uid}
cn: {full_name}
sn: {full_name}
mail: {uid}@school.example
userPassword: {password}
"""
GROUP = """
dn: cn={name},ou=groups,{base}
objectClass: groupOfNames
cn: {name}
member: {member}
"""
PEOPLE = {"alan": "Alan Turing", "barbara": "Barbara Liskov", "o'neil": "Cathy O'Neil"}
PASSWORD = "a school's own words"


@dataclass(frozen=True, slots=True)
class Slapd:
    """The addresses of a directory that runs, and the certificate that it is trusted by."""

    port: int
    tls_port: int
    ca_file: Path

    @property
    def url(self) -> str:
        return f"ldap://localhost:{self.port}"

    @property
    def tls_url(self) -> str:
        return f"ldaps://localhost:{self.tls_port}"


@contextmanager
def slapd(folder: Path, host: str = "localhost") -> Iterator[Slapd]:
    """Run a directory whose certificate is for a host."""
    _write(folder, host)
    port, tls_port = free_port(), free_port()
    addresses = f"ldap://127.0.0.1:{port}/ ldaps://127.0.0.1:{tls_port}/"
    with (folder / "log").open("wb") as log:
        command = [str(SLAPD), "-f", str(folder / "slapd.conf"), "-h", addresses, "-d", "0"]
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        for one in (port, tls_port):
            _wait_for(process, one, folder / "log")
        yield Slapd(port, tls_port, folder / "ca.pem")
    finally:
        process.terminate()
        process.wait(LIMIT_SECONDS)


def settings_of(school: Slapd, **others: object) -> LdapDirectory:
    """Return what is set of a directory: StartTLS, and an account that searches."""
    known = {"url": school.url, "ca_file": school.ca_file, "base": BASE, "search_dn": SEARCHER}
    return LdapDirectory.model_validate({**known, "search_password": SEARCHERS_PASSWORD, **others})


def directory_of(school: Slapd, **others: object) -> Directory:
    """Return what asks it, and waits for as long as a busy machine takes to answer."""
    return Directory(settings_of(school, **others), patience=LIMIT_SECONDS)


def _write(folder: Path, host: str) -> None:
    (folder / "data").mkdir()
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    certificate = authority.issue_cert(host)
    certificate.private_key_pem.write_to_path(str(folder / "key.pem"))
    certificate.cert_chain_pems[0].write_to_path(str(folder / "cert.pem"))
    words = {"folder": folder, "base": BASE, "searcher": SEARCHER, "searchers_password": SEARCHERS_PASSWORD}
    (folder / "slapd.conf").write_text(CONFIG.format_map(words))
    people = [PERSON.format(uid=uid, full_name=name, base=BASE, password=PASSWORD) for uid, name in PEOPLE.items()]
    group = GROUP.format(name="class-7b", member=f"uid=alan,ou=people,{BASE}", base=BASE)
    (folder / "entries.ldif").write_text(ENTRIES.format_map(words) + "".join(people) + group)
    subprocess.run(
        [str(SLAPADD), "-f", str(folder / "slapd.conf"), "-l", str(folder / "entries.ldif")],
        check=True,
        capture_output=True,
    )


def _wait_for(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + LIMIT_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"slapd has ended: {log.read_text()}")
        with socket.socket() as door:
            if door.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError("slapd does not answer")
