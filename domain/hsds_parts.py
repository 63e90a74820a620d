"""What entries of an HSDS document have in common: how they are reached, where they are, our own words."""

import re
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from domain import hsds_words as words
from domain.hsds_fields import OF_A_PERSON, Fields, Form, uuid_of
from domain.listing import (
    COUNTRY_PATTERN,
    EMAIL_PATTERN,
    LONGEST_NAME,
    PHONE_PATTERN,
    URL_PATTERN,
    Address,
    Place,
)

LONGEST_ADDRESS, LONGEST_URL = 255, 500
_EMAIL = Form(EMAIL_PATTERN, "name@example.org")
_URL = Form(URL_PATTERN, "https://example.org")
_COUNTRY = Form(COUNTRY_PATTERN, "two letters, such as UG")
_PERSONAL = ("name", "title", "department")
_OF_A_PLACE = (
    "id",
    "location_id",
    "service_id",
    "organization_id",
    "contact_id",
    "service_at_location_id",
)
_ID = re.compile(r"^[a-z0-9][a-z0-9-]{0,63}$")
_ONE_PHONE = "One phone is kept."


def channel(fields: Fields, *, url: str) -> dict[str, Any]:
    """`phone`, `email` and `url`, each only where the document speaks of it."""
    said: dict[str, Any] = {}
    email = fields.text("email", LONGEST_ADDRESS, _EMAIL)
    if fields.speaks_of("email", email):
        said["email"] = email
    address = fields.text(url, LONGEST_URL, _URL)
    if fields.speaks_of(url, address):
        said["url"] = address
    phones = list(_phones(fields))
    if phones or fields.value("phones") == []:
        said["phone"] = phones[0] if phones else None
    for name, each in _contacts(fields).items():
        if said.get(name) is None:
            said[name] = each
    return said


def _phones(fields: Fields) -> Iterable[str]:
    for place, phone in enumerate(fields.objects("phones")):
        number = _number(phone)
        if place:
            phone.remark("number", _ONE_PHONE)
        phone.pass_over(*_OF_A_PLACE, "type")
        fields.take_over(phone)
        if number is not None:
            yield number


def _number(phone: Fields) -> str | None:
    # Some write the number in quotes of its own.
    said = str(phone.value("number")).strip().strip('"').strip()
    extension = phone.whole("extension", 99_999_999)
    whole = f"{said} ext {extension}" if extension else said
    if re.match(PHONE_PATTERN, whole):
        return whole
    phone.remark("number", "Not in a form that is kept.", ("+44 1234 234567",))
    return None


def _contacts(fields: Fields) -> dict[str, str]:
    """A contact's public address and phone serve where the entry has none; a person's name is not taken."""
    found: dict[str, str] = {}
    for contact in fields.objects("contacts"):
        contact.pass_over(*_OF_A_PLACE)
        email = contact.text("email", LONGEST_ADDRESS, _EMAIL)
        numbers = list(_phones(contact))
        personal = [name for name in _PERSONAL if contact.value(name)]
        if personal:
            # An address that stands beside a person's name may be her own.
            contact.remark(personal[0], OF_A_PERSON)
        else:
            found.update({"email": email} if email and "email" not in found else {})
            found.update({"phone": numbers[0]} if numbers and "phone" not in found else {})
        fields.take_over(contact)
    return found


def own_words(fields: Fields, *wanted: str) -> dict[str, str]:
    """Our own facts among an organization's attributes."""
    found = {}
    for place, attribute in enumerate(fields.objects("attributes")):
        word, value = attribute.value("link_type"), attribute.value("value")
        if word in wanted and isinstance(value, str):
            found[word] = value
        else:
            fields.remark(f"attributes[{place}]", "Terms are read from services only.")
    return found


def places(fields: Fields) -> tuple[Place, ...]:
    """The locations that can be kept."""
    found: dict[UUID, Place] = {}
    for location in fields.objects("locations"):
        one = place(location)
        fields.take_over(location)
        if one is not None:
            found.setdefault(one.hsds_id, one)
    return tuple(found.values())


def place(location: Fields) -> Place | None:
    """Its `place_id` is empty unless it is one of ours."""
    outer, kind = uuid_of(location.value("id")), location.value("location_type")
    if outer is None:
        location.leave("id", "A location needs its own UUID.", ("a UUID",))
        return None
    if kind not in words.PLACES:
        location.leave("location_type", "Not a kind of location.", words.PLACES)
        return None
    location.pass_over("organization_id")
    return Place(
        place_id=_own_place(location),
        hsds_id=outer,
        kind=kind,
        name=location.text("name", LONGEST_NAME),
        url=location.text("url", LONGEST_URL, _URL),
        latitude=location.number("latitude", -90, 90),
        longitude=location.number("longitude", -180, 180),
        address=_address(location),
    )


def _own_place(location: Fields) -> str:
    own = location.value("external_identifier")
    if location.value("external_identifier_type") == words.OWN and own_id(own):
        return str(own)
    if own is not None:
        location.remark("external_identifier", "Identifiers of other registers are not kept.")
    return ""


def own_id(found: Any) -> str | None:
    """One of our ids, if it has the form of one."""
    return found if isinstance(found, str) and _ID.match(found) else None


def _address(location: Fields) -> Address | None:
    found: list[Address] = []
    for each in location.objects("addresses"):
        each.pass_over("id", "location_id", "address_type")
        if each.value("attention"):
            each.remark("attention", OF_A_PERSON)
        street, city = each.text("address_1", LONGEST_NAME), each.text("city", LONGEST_NAME)
        country = each.text("country", 2, _COUNTRY)
        rest = [each.text(name, LONGEST_NAME) for name in _REST]
        if street and city and country and not found:
            found.append(Address(street, city, country, *rest))
        elif found:
            each.remark("address_1", "One address of a place is kept.")
        else:
            each.remark("address_1", "An address needs its street, city and country.")
        location.take_over(each)
    return found[0] if found else None


_REST = ("address_2", "region", "state_province", "postal_code")
