user = User.query.get(1)
db.session.delete(user)
db.session.commit()
