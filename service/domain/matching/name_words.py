"""Words that stand beside a name, or link its parts, and are not names themselves."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


TITLES = _words(
    """mr mrs ms miss mx dr doctor prof professor sir dame lady rev reverend revd hon rt rthon
    messrs mme mlle frau herr"""
)
# Titles that are first names or surnames as well: both readings are kept.
MAYBE_TITLES = _words(
    """major dean lord prince princess judge sister father brother captain capt colonel col general
    sergeant sgt baron baroness earl count king duke bishop master canon justice lt cllr"""
)
POST_NOMINALS = _words(
    """obe mbe cbe kbe dbe kcb gbe phd dphil bsc msc mphil mba llb frs frsa fcca aca acca cipd
    dsc csc gcb gcmg kcmg cmg esq esquire"""
)
# Letters after the name that are surnames as well: both readings are kept, unless after a comma.
MAYBE_SURNAMES = _words("kc qc cb jp pe rn bem")
GENERATIONS = {
    "jr": "jr", "jnr": "jr", "junior": "jr", "sr": "sr", "snr": "sr", "senior": "sr",
    "ii": "ii", "iii": "iii",
}  # fmt: skip
TAGS = _words(
    """contractor contractors external ext agency temp temporary secondee secondment interim
    consultant supplier vendor intern apprentice leaver leaving left starter joiner fte perm
    permanent parttime gds govuk cabinet office dsit cddo digital service government test
    inactive disabled deleted archived former ex she her hers he him his they them theirs
    tech nontech technical admin account team mat leave maternity"""
)
BIRTH_NAMES = _words("nee born formerly previously was aka")
PARTICLES = _words(
    """de del della dei da das do dos di du des la le las los van von der den ter ten het zu zur
    bin ibn binti bint ben al el ul ur abu e y st ap ab mac o af av"""
)
# Particles that are first names as well: at the head of a name they are kept.
MAYBE_FIRST_NAMES = _words("ben al el mac van del ap san")
# First names that running text has as words.
PLAIN_WORDS = _words(
    """will may mark day left see one than link field april june august jan art bill grant page rose
    hope major junior van"""
)
NOBODY = _words(
    """unknown tbc tba tbd n a na none null nil test user name nobody anonymous anon someone various
    multiple pending todo xxx noname leaver member staff redacted blank not known see below above
    unspecified unconfirmed applicable provided given"""
)
# Logins that come with a machine, or stand for a duty.
SHARED_LOGINS = _words(
    """ubuntu debian centos fedora rocky alpine vagrant pi ec2-user core root admin administrator
    sysadmin deploy deployer deployment jenkins ansible terraform git github gitlab runner ci bot
    robot service svc app www-data nobody guest ops devops support team shared"""
)
