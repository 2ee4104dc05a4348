"""HTTP in and out, thin."""

from ninja import Router

router = Router()
