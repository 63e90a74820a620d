"""The words under which our own facts travel in Open Referral HSDS 3 documents, for writing and reading alike."""

OWN = "throughline"
NEEDS = "throughline-needs"  # the taxonomy whose terms are our codes of needs
OFFER_ID, CAPACITY, ZONE, POLICY = (
    f"{OWN}:{name}" for name in ("offer", "capacity", "zone", "policy")
)
AREA = f"urn:{OWN}:area:"
LOCAL_TIME = (
    "Local time"  # opening hours follow the clock of the place, which no fixed offset can say
)
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
ACTIVE, RESTING = "active", "temporarily closed"
GONE = ("inactive", "defunct")
STATUSES = (ACTIVE, RESTING, *GONE)
PLACES = ("physical", "postal", "virtual")
TAG_NOTE = "BCP 47: "
EVERYTHING_ELSE = "*"
