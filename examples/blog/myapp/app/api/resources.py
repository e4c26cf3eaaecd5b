"""What the API serves: one line for each table."""

from app import models
from app.api.resource import api, resource

__all__ = ["api"]

resource(models.Comment)
resource(models.Post)
resource(models.PostTag)
resource(models.Profile)
resource(models.Setting)
resource(models.Tag)
resource(models.User)
