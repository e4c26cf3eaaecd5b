user = User.query.get(1)
user.username = 'new_username'
db.session.commit()
