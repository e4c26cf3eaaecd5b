SQLALCHEMY_DATABASE_URI = 'mysql://user:password@localhost/dbname?pool_size=10&pool_recycle=3600'
