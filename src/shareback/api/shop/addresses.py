"""Where a member's parcels go."""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import AfterValidator, BaseModel, Field

from shareback.api.problems import Problem
from shareback.api.shop.frame import member, of_member
from shareback.api.shop.once import told
from shareback.api.shop.schemas import Taken, example
from shareback.mall import addresses
from shareback.mall.accounts.login import phone_of
from shareback.mall.accounts.models import User
from shareback.mall.accounts.phones import COUNTRY

router = Router(tags=["addresses"], auth=of_member)


def trimmed(text: str) -> str:
    """A text without blanks around it; there must be something left."""
    short = " ".join(text.split())
    if not short:
        raise ValueError("must not be empty")
    return short


Line = Annotated[str, Field(min_length=1, max_length=60), AfterValidator(trimmed)]


class AddressIn(Taken):
    """A Chinese address."""

    model_config = example(
        name="李雷",
        phone="13800138000",
        province="宁夏回族自治区",
        city="银川市",
        district="兴庆区",
        detail="解放东街 12 号 3 单元 501",
        default=True,
    )
    name: Line
    phone: Annotated[str, Field(min_length=5, max_length=24)]
    province: Line
    city: Line
    district: Line
    detail: Annotated[str, Field(min_length=1, max_length=200), AfterValidator(trimmed)]
    default: bool = False


class AddressOut(BaseModel):
    """An address of the member's."""

    id: int
    name: str
    phone: Annotated[str, Field(examples=["13800138000"])]
    province: str
    city: str
    district: str
    detail: str
    default: bool


def address_document(row: Any) -> dict[str, Any]:  # noqa: ANN401 - oscar ships no types
    """An address as its owner sees it."""
    fields = addresses.address_of(row)._asdict()
    return {
        "id": row.pk,
        **fields,
        "phone": fields["phone"].removeprefix(COUNTRY),
        "default": row.is_default_for_shipping,
    }


def address_here(user: User, number: int) -> Any:  # noqa: ANN401 - as above
    """One of a user's addresses.

    Raises:
        Problem: There is none of this number, or it is somebody else's (A55).
    """
    found = addresses.of_user(user).filter(pk=number).first()
    if found is None:
        raise Problem(404, "not_found")
    return found


def read(body: AddressIn) -> addresses.Address:
    """What a request says, with its phone as it is kept."""
    fields = body.model_dump(exclude={"default"})
    return addresses.Address(**{**fields, "phone": phone_of(body.phone)})


@router.get("/addresses", response=list[AddressOut], operation_id="list_addresses")
def list_addresses(request: HttpRequest) -> HttpResponse:
    """The member's addresses, the usual one first; there are never many."""
    return told([address_document(row) for row in addresses.of_user(member(request).user)])


@router.post("/addresses", response={201: AddressOut}, operation_id="add_address")
def add(request: HttpRequest, body: AddressIn) -> HttpResponse:
    """Add an address."""
    row = addresses.keep(member(request).user, read(body), usual=body.default)
    return told(address_document(row), 201)


@router.put("/addresses/{id:number}", response=AddressOut, operation_id="change_address")
def change(request: HttpRequest, number: int, body: AddressIn) -> HttpResponse:
    """Change an address; orders keep the one that they were placed with."""
    user = member(request).user
    here = address_here(user, number)
    row = addresses.keep(user, read(body), usual=body.default, row=here)
    return told(address_document(row))


@router.delete("/addresses/{id:number}", response={204: None}, operation_id="remove_address")
def remove(request: HttpRequest, number: int) -> HttpResponse:
    """Remove an address."""
    address_here(member(request).user, number).delete()
    return HttpResponse(status=204)
