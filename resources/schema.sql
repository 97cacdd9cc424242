CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0002');
CREATE TABLE check_runs (
	id INTEGER NOT NULL, 
	store VARCHAR NOT NULL, 
	started DATETIME NOT NULL, 
	seconds FLOAT NOT NULL, 
	"full" BOOLEAN NOT NULL, 
	overall VARCHAR(16) NOT NULL, 
	CONSTRAINT pk_check_runs PRIMARY KEY (id)
);
CREATE TABLE findings (
	id INTEGER NOT NULL, 
	check_run_id INTEGER NOT NULL, 
	subject VARCHAR NOT NULL, 
	light VARCHAR(16) NOT NULL, 
	cause VARCHAR, 
	blocked_by VARCHAR, 
	distinguish VARCHAR, 
	candidates JSON NOT NULL, 
	evidence JSON NOT NULL, 
	CONSTRAINT pk_findings PRIMARY KEY (id), 
	CONSTRAINT fk_findings_check_run_id FOREIGN KEY(check_run_id) REFERENCES check_runs (id) ON DELETE CASCADE
);
CREATE TABLE light_changes (
	id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	previous VARCHAR(16), 
	subject VARCHAR NOT NULL, 
	light VARCHAR(16) NOT NULL, 
	cause VARCHAR, 
	blocked_by VARCHAR, 
	distinguish VARCHAR, 
	candidates JSON NOT NULL, 
	evidence JSON NOT NULL, 
	CONSTRAINT pk_light_changes PRIMARY KEY (id)
);
CREATE TABLE readings (
	id INTEGER NOT NULL, 
	subject VARCHAR NOT NULL, 
	serial VARCHAR(64) NOT NULL, 
	name VARCHAR(64) NOT NULL, 
	value BIGINT NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_readings PRIMARY KEY (id)
);
CREATE INDEX ix_check_runs_started ON check_runs (started);
CREATE INDEX ix_findings_check_run_id ON findings (check_run_id);
CREATE INDEX ix_light_changes_at ON light_changes (at);
CREATE INDEX ix_readings_subject_at ON readings (subject, at);
