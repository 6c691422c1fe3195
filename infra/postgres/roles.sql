-- Run once, when the database is made: the role of the services. keyturn migrate --grant-to gives it what it needs.
\set password `cat /run/secrets/database-password`
create role keyturn_services login password :'password';
