"""Names: what makes no difference, what makes a doubt, and what makes another person."""

import pytest

from service.domain.matching.match_person import Candidates, MatchingPolicy
from tests.domain.matching.people_in_lists import NOBODY, ask, found, listed, match, search

NO_DIFFERENCE = [
    ("case", "JANE doe", "Jane Doe"),
    ("spaces", "  Jane \t Doe ", "Jane Doe"),
    ("a non-breaking space", "Jane\u00a0Doe", "Jane Doe"),
    ("composed and decomposed accents", "Zoe\u0308 Quinn", "Zoë Quinn"),
    ("accents left out", "Zoe Quinn", "Zoë Quinn"),
    ("letters with a stroke", "Lukasz Soerby", "Łukasz Soerby"),
    ("the Turkish dotless i", "I\u015eIL DEMIR", "I\u015f\u0131l Demir"),
    ("full-width letters", "\uff2aane Doe", "Jane Doe"),
    ("a curly apostrophe", "Declan O\u2019Rourke", "Declan O'Rourke"),
    ("no apostrophe", "Declan ORourke", "Declan O'Rourke"),
    ("a space for an apostrophe", "Declan O Rourke", "Declan O'Rourke"),
    ("a dash for a hyphen", "Rachel Fenn\u2013Barlow", "Rachel Fenn-Barlow"),
    ("a space for a hyphen", "Rachel Fenn Barlow", "Rachel Fenn-Barlow"),
    ("words run together", "Omar Alrashdan", "Omar Al-Rashdan"),
    ("surname first, with a comma", "Doe, Jane", "Jane Doe"),
    ("surname first in the list", "Jane Doe", "DOE, Jane"),
    ("titles", "Professor Dr. Jane Doe", "Jane Doe"),
    ("a title in the list", "Jane Doe", "Dr Jane Doe"),
    ("letters after the name", "Jane Doe OBE", "Jane Doe"),
    ("letters after a comma", "Jane Doe, CBE", "Jane Doe"),
    ("letters after the name, and a generation", "Jane Doe MBE, Jr", "Jane Doe Jr"),
    ("a suffix in brackets", "Jane Doe (contractor)", "Jane Doe"),
    ("a suffix in square brackets in the list", "Jane Doe", "Jane Doe [external]"),
    ("a suffix after a dash", "Jane Doe - Contractor", "Jane Doe"),
    ("pronouns", "Jane Doe (she/her)", "Jane Doe"),
    ("a nickname in quotes", 'William "Bill" Roe', "William Roe"),
    ("an emoji", "Jane Doe 🎉", "Jane Doe"),
    ("direction marks", "\u200fJane Doe\u200e", "Jane Doe"),
    ("dots for spaces", "jane.doe", "Jane Doe"),
    ("a title that is a first name", "Major Tolliver", "Major Tolliver"),
    ("another alphabet, the same in both", "王小明 李", "王小明 李"),
]


@pytest.mark.parametrize(
    ("given", "name"), [case[1:] for case in NO_DIFFERENCE], ids=[case[0] for case in NO_DIFFERENCE]
)
def test_what_makes_no_difference_is_the_same_full_name(given: str, name: str) -> None:
    assert found(given, listed(name, "Ann Unrelated")) == match(name)


DOUBT = [
    ("first and last name swapped", "Doe Jane", "Jane Doe"),
    ("a middle name more", "Jane Mary Doe", "Jane Doe"),
    ("a middle initial more", "Jane M. Doe", "Jane Doe"),
    ("a middle name in full", "Jane Mary Doe", "Jane M Doe"),
    ("called by the middle name", "Mary Doe", "Jane Mary Doe"),
    ("an initial", "J. Doe", "Jane Doe"),
    ("two initials without stops", "JR Dunmore", "James Dunmore"),
    ("a doubled surname", "Laura Sefton-Hobbs", "Laura Sefton"),
    ("a Spanish second surname", "Maria Garcia Quiroga", "Maria Garcia"),
    ("a particle left out", "Ludwig Hasselbach", "Ludwig von Hasselbach"),
    ("another particle", "Ahmed ibn Yusuf", "Ahmed bin Yusuf"),
    ("a particle first", "De La Cruz Marisol", "Marisol de la Cruz"),
    ("a birth name in words", "Fiona Bunting nee Oram", "Fiona Oram"),
    ("a birth name in brackets", "Fiona Bunting (née Oram)", "Fiona Oram"),
    ("junior on one side", "Jane Doe Jr", "Jane Doe"),
    ("junior here, senior there", "John Doe Jr", "John Doe Snr"),
    ("a nickname", "Kate Mossop", "Katherine Mossop"),
    ("a nickname with nothing in common", "Gosia Nowak", "Małgorzata Nowak"),
    ("an unlisted pet form of the beginning", "Ferdy Cooke", "Ferdinand Cooke"),
    ("an unlisted pet form with other spelling", "Steff Mahmood", "Stephanie Mahmood"),
    ("an unlisted pet form, and a slip", "Tassy Cook", "Tasmin Cooke"),
    ("an unlisted pet form in other letters, and a slip", "Raffy Cook", "Raphina Cooke"),
    ("a short form of the end", "Nando Bond", "Fernando Bond"),
    ("an unlisted form of the end, and a slip", "Venkato Bonde", "Srivenkato Bond"),
    ("a pet form with a foreign ending", "Sebek Roe", "Sebastian Roe"),
    ("a short form with nothing in common", "Nye Roe", "Aneurin Roe"),
    ("another spelling of a first name", "Keira Kelleher", "Ciara Kelleher"),
    ("another spelling of a surname's end", "Dov Rabinowitz", "Dov Rabinovich"),
    ("the beginning of a first name", "Xiao Deng", "Xiaoming Deng"),
    ("the beginning of a first name, and a slip", "Chan Dneg", "Chandrakant Deng"),
    ("first names that begin the same", "Georgina Barnes", "George Barnes"),
    ("first names that begin the same, and a slip", "Georgina Cruickshank", "George Cruikshank"),
    ("an initial, and words run together", "K Oseibonsu", "Kwabena Osei-Bonsu"),
    ("a letter wrong", "Jonathon Brightwell", "Jonathan Brightwell"),
    ("a letter missing", "Nicola Brackenbuy", "Nicola Brackenbury"),
    ("letters swapped", "Jnae Doe", "Jane Doe"),
    ("a slip in each name", "Tobais Fenwcik", "Tobias Fenwick"),
    ("letters shuffled", "Teddy Maxlewl", "Teddy Mawxell"),
    ("a letter lost to a question mark", "Fran?oise Roe", "Françoise Roe"),
    ("letters lost to question marks", "Bj?rn H?ugl?nd", "Bjørn Haugland"),
    ("an accented letter dropped", "Bjrn Haugland", "Bjørn Haugland"),
    ("another way to write an accent", "Soeren Bjerre", "Søren Bjerre"),
    ("the same sound", "Catriona McDougal", "Katriona MacDougall"),
    ("the same sound, many letters apart", "Phoenix Schmidt", "Fenix Shmit"),
    ("two spellings from one alphabet", "Sergey Belyaev", "Sergei Beliaev"),
    ("another alphabet", "Сергей Беляев", "Sergey Belyaev"),
    ("Han characters without a space", "王小明", "Wang Xiaoming"),
    ("Han characters, names swapped", "王小明", "Xiaoming Wang"),
    ("syllables swapped in another alphabet", "जया रंगरानज", "जया रंगराजन"),
    ("one name alone", "Zebedee", "Zebedee Cholmondley"),
    ("one name alone in the list", "Zebedee Cholmondley", "Zebedee"),
    ("a mononym on both sides", "Zebedee", "Zebedee"),
    ("a rare surname, first names not unlike", "Lynette Chatwin", "Lyra Chatwin"),
    ("look-alike letters", "J\u0430ne Doe", "Jane Doe"),
    ("look-alike letters in the list", "Jane Doe", "J\u0430ne Doe"),
    ("an invisible character in the list", "Jane Doe", "Ja\u200bne Doe"),
    ("the word null is a surname as well", "Null", "Jane Null"),
]


@pytest.mark.parametrize(
    ("given", "name"), [case[1:] for case in DOUBT], ids=[case[0] for case in DOUBT]
)
def test_what_makes_a_doubt_is_asked(given: str, name: str) -> None:
    assert found(given, listed(name, "Ann Unrelated")) == ask(name)


ANOTHER_PERSON = [
    ("a first name of one and a surname of another", "Sarah Jessamy", "Sarah Patchett"),
    ("the same surname with an unlike first name", "Oliver Chatwin", "Bridget Chatwin"),
    ("an initial that contradicts", "P. Vancroft", "Simon Vancroft"),
    ("two letters of a short name", "Ann Lee", "Amy Lowe"),
    ("short forms are not of surnames", "Jane Will", "Jane Williamson"),
    ("a particle that is a first name", "Paul Robinson", "Ben Robinson"),
    ("a surname that begins like a first name", "Jordan Ellis", "Ellis Jordache"),
    ("other middle names, and surnames that sound alike", "Will Gray Hayes", "Will Moor Hughes"),
]


@pytest.mark.parametrize(
    ("given", "name"),
    [case[1:] for case in ANOTHER_PERSON],
    ids=[case[0] for case in ANOTHER_PERSON],
)
def test_another_person_is_not_shown(given: str, name: str) -> None:
    assert found(given, listed(name)) == NOBODY


def test_a_surname_that_many_bear_says_nothing_by_itself() -> None:
    people = ("Lyra Chatwin", "Bridget Chatwin", "Oliver Chatwin")

    assert found("Lynette Chatwin", listed(*people[:2])) == ask("Lyra Chatwin")
    assert found("Lynette Chatwin", listed(*people)) == NOBODY


RIVALS = [
    ("a namesake", "John Smith", ("John Smith | john.smith", "John Smith | john.smith2")),
    ("a namesake without an address", "John Smith", ("John Smith | j.s", "John Smith")),
    ("a twin by sound", "Jon Smithson", ("Jon Smithson", "John Smithson")),
    ("a twin by nickname", "Dan Lytham", ("Dan Lytham", "Daniel Lytham")),
    ("a twin by middle initial", "Paul Renshaw", ("Paul Renshaw", "Paul B Renshaw")),
]


@pytest.mark.parametrize(
    ("given", "names"), [case[1:] for case in RIVALS], ids=[case[0] for case in RIVALS]
)
def test_a_full_name_alone_is_not_enough_beside_a_rival(given: str, names: tuple[str, str]) -> None:
    outcome = found(given, listed(*names))

    assert outcome.outcome == "ask"
    assert sorted(outcome.who) == sorted(name.partition(" |")[0] for name in names)


def test_a_number_in_the_entrys_address_speaks_of_a_namesake() -> None:
    assert found("John Smith", listed("John Smith | john.smith2")) == ask("John Smith")


def test_a_full_name_alone_is_asked_about_if_the_policy_says_so() -> None:
    policy = MatchingPolicy(act_on_name_alone=False)

    assert found("Jane Doe", listed("Jane Doe | jane.doe"), policy=policy) == ask("Jane Doe")


UNREADABLE = [
    "", "  ", "?", "unknown", "TBC", "n/a", ".*", "J", "J D", "123", "---", "\u200b", "🎉",
]  # fmt: skip


@pytest.mark.parametrize("given", UNREADABLE)
def test_a_name_that_cannot_be_read_is_asked_with_nobody_to_show(given: str) -> None:
    assert found(given, listed("Jane Doe", "Regina Exley")) == ask()


@pytest.mark.parametrize("given", ["王建国", "محمد القاضي", "\u202eenaJ eoD"])
def test_an_odd_name_that_is_not_found_is_never_nobody(given: str) -> None:
    assert found(given, listed("Jane Doe")) == ask()


def test_the_likeliest_stands_first_and_no_more_than_twenty_are_shown() -> None:
    names = [f"Jane Doe{letter * 3}" for letter in "bcdfghjklmnpqrstvwxyz"]

    outcome = search("Jane", listed(*names, "Jane"))

    assert isinstance(outcome, Candidates)
    assert len(outcome.candidates) == 20
    assert outcome.candidates[0].entry.name == "Jane"


@pytest.mark.parametrize(
    "name",
    [
        *("Xiaoming Wang (Simon)", "Xiaoming Wang (known as Simon)", "xiaoming wang (aka simon)"),
        *("Xiaoming Wang (preferred name Simon)", "Wang, Xiaoming (goes by Simon)"),
        *("Xiaoming Wang (Simon Wang)", "Xiaoming Wang [formerly known as Simon Wang]"),
        *("Xiaoming Wang, known as Simon", "Xiaoming Wang / Simon Wang", 'Xiaoming "Simon" Wang'),
    ],
)
def test_a_name_that_somebody_goes_by_is_found(name: str) -> None:
    assert found(name, listed("Simon Wang", "Tom Orr")) == ask("Simon Wang")


@pytest.mark.parametrize(
    ("name", "person"),
    [
        *(("Thi Van Nguyen", "Van Nguyen"), ("Nguyen, Thi Van", "Van Nguyen")),
        *(("Li, Xiu Ben", "Ben Li"), ("Le Thu Ha", "Ha Le"), ("Anne Di Marsh", "Di Marsh")),
    ],
)
def test_a_given_name_that_is_a_particle_elsewhere_is_found(name: str, person: str) -> None:
    assert found(name, listed(person)) == ask(person)


@pytest.mark.parametrize(
    ("name", "person"),
    [("Piet van der Berg", "Jan van der Berg"), ("Maria da Silva", "Joao da Silva")],
)
def test_particles_alone_make_nobody_alike(name: str, person: str) -> None:
    assert found(name, listed(person)) == NOBODY
