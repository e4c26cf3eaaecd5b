# models.py
from app import db

class User(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    username = db.Column(db.String(80), unique=True, nullable=False)
    email = db.Column(db.String(120), unique=True, nullable=False)

# migration script
def migrate_from_json():
    with open('users.json') as f:
        data = json.load(f)
        for user_data in data['users']:
            user = User(**user_data)
            db.session.add(user)
        db.session.commit()
