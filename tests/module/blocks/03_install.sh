pip install flask-sqlalchemy flask-migrate
