"""The proof that a merchant's account is counted in what the programme owes."""

from django.http import HttpRequest, HttpResponse
from ninja import Router

from shareback.api.shop.frame import of_staff, staff
from shareback.api.shop.once import told
from shareback.api.shop.proof import Holder, proof_document, take_check
from shareback.api.shop.schemas_proof import CheckedIn, CheckedOut, ProofOut
from shareback.proofs.sum_tree import AccountKind

router = Router(tags=["proof"], auth=of_staff)


def holder_of(request: HttpRequest) -> Holder:
    """The merchant whose people ask."""
    here = staff(request)
    return Holder(here.programme, AccountKind.MERCHANT, here.partner.number)


@router.get("/proof", response=ProofOut, operation_id="get_own_proof")
def proof(request: HttpRequest) -> HttpResponse:
    """The proof that the merchant's account is counted in what the programme owes."""
    return told(proof_document(holder_of(request)))


@router.post("/proof/checked", response=CheckedOut, operation_id="tell_own_proof_checked")
def checked(request: HttpRequest, body: CheckedIn) -> HttpResponse:
    """Tell that the proof was checked; it counts once for an account and a day."""
    return told(take_check(holder_of(request), body))
