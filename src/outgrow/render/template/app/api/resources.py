"""What the API serves: one line for each table."""

from app import models
from app.api.resource import api, resource

__all__ = ["api"]

resource(models.User)
resource(models.Profile)
resource(models.Tag)
resource(models.Post)
resource(models.PostTag)
resource(models.Comment)
