import GRDB

/// One step of the schema: what leads from the version before to this one.
struct Migration: Sendable {
  /// 1-based, without gaps.
  var version: Int
  var sql: String
}

/// The tables, as the steps that make them.
///
/// A step that was released is never changed; a new version is a new step at the end. Times are milliseconds since
/// the epoch, UTC. A scope is two columns: `tenant` (empty for the platform) and `project` (empty for platform and
/// tenant); names are never empty. A resource's id inside another row is the JSON array `[tenant, project, kind,
/// name]`. A list of fingerprints is their hexadecimal digits, separated by spaces.
enum Schema {
  /// `BFRY`: how a ledger is told from other SQLite files.
  static let applicationID: Int32 = 0x4246_5259

  static let migrations = [
    Migration(version: 1, sql: version1), Migration(version: 2, sql: version2), Migration(version: 3, sql: version3),
    Migration(version: 4, sql: version4),
  ]

  /// The steps as GRDB takes them; the names of those applied stand in `grdb_migrations`.
  static func migrator(_ migrations: [Migration]) -> DatabaseMigrator {
    var migrator = DatabaseMigrator()
    for migration in migrations {
      migrator.registerMigration("version \(migration.version)") { database in
        try database.execute(sql: migration.sql)
      }
    }
    return migrator
  }

  private static let version1 =
    "PRAGMA application_id = \(applicationID);\n" + stateTables + historyTables + auditTables

  /// What is true now: small, read whole at a start.
  private static let stateTables = """
    CREATE TABLE meta (
      key TEXT PRIMARY KEY NOT NULL,
      value INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE scopes (
      tenant TEXT NOT NULL, project TEXT NOT NULL,
      applied_ref TEXT, applied_commit TEXT, applied_at INTEGER,
      attempted_ref TEXT, attempted_commit TEXT,
      status TEXT NOT NULL, reason TEXT, since INTEGER NOT NULL,
      PRIMARY KEY (tenant, project)
    ) STRICT;

    CREATE TABLE resources (
      tenant TEXT NOT NULL, project TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL,
      origin TEXT NOT NULL,
      digest TEXT NOT NULL,
      revision_ref TEXT, revision_commit TEXT NOT NULL, applied_at INTEGER NOT NULL,
      PRIMARY KEY (tenant, project, kind, name)
    ) STRICT;

    -- An alert is one label set of one rule. value is NULL for NaN, which SQLite can't hold.
    CREATE TABLE alerts (
      id INTEGER PRIMARY KEY,
      tenant TEXT NOT NULL, project TEXT NOT NULL,
      fingerprint TEXT NOT NULL, rule_group TEXT NOT NULL, rule TEXT NOT NULL, origin TEXT NOT NULL,
      labels TEXT NOT NULL, annotations TEXT NOT NULL,
      state TEXT NOT NULL, value REAL,
      active_at INTEGER NOT NULL, fired_at INTEGER, keep_firing_since INTEGER, resolved_at INTEGER,
      generator_url TEXT NOT NULL,
      UNIQUE (fingerprint, rule, rule_group, tenant, project)
    ) STRICT;

    CREATE TABLE notification_log (
      tenant TEXT NOT NULL, project TEXT NOT NULL, group_key TEXT NOT NULL, channel TEXT NOT NULL,
      sent_at INTEGER NOT NULL, expires_at INTEGER NOT NULL,
      firing TEXT NOT NULL, resolved TEXT NOT NULL,
      PRIMARY KEY (tenant, project, channel, group_key)
    ) STRICT;
    CREATE INDEX notification_log_expiry ON notification_log (expires_at);

    CREATE TABLE silence_starts (
      silence TEXT PRIMARY KEY NOT NULL,
      started_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    """

  /// What happened: appended to, and pruned by age. An id is never given twice, so a cursor stays good.
  private static let historyTables = """
    CREATE TABLE syncs (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      started_by TEXT NOT NULL,
      revision_ref TEXT, revision_commit TEXT NOT NULL,
      started_at INTEGER NOT NULL, finished_at INTEGER NOT NULL, status TEXT NOT NULL,
      created INTEGER NOT NULL, updated INTEGER NOT NULL, moved INTEGER NOT NULL, deleted INTEGER NOT NULL,
      timings TEXT NOT NULL, plan TEXT NOT NULL, diagnostics TEXT NOT NULL
    ) STRICT;
    CREATE INDEX syncs_commit ON syncs (revision_commit);

    CREATE TABLE transitions (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      state_before TEXT, reason TEXT NOT NULL, at INTEGER NOT NULL,
      tenant TEXT NOT NULL, project TEXT NOT NULL,
      fingerprint TEXT NOT NULL, rule_group TEXT NOT NULL, rule TEXT NOT NULL, origin TEXT NOT NULL,
      labels TEXT NOT NULL, annotations TEXT NOT NULL,
      state TEXT NOT NULL, value REAL,
      active_at INTEGER NOT NULL, fired_at INTEGER, keep_firing_since INTEGER, resolved_at INTEGER,
      generator_url TEXT NOT NULL
    ) STRICT;
    CREATE INDEX transitions_tenant ON transitions (tenant);
    CREATE INDEX transitions_fingerprint ON transitions (fingerprint);
    CREATE INDEX transitions_at ON transitions (at);

    CREATE TABLE deliveries (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      tenant TEXT NOT NULL, project TEXT NOT NULL, group_key TEXT NOT NULL, channel TEXT NOT NULL,
      attempt INTEGER NOT NULL, started_at INTEGER NOT NULL, finished_at INTEGER NOT NULL,
      outcome TEXT NOT NULL, detail TEXT NOT NULL, reason TEXT NOT NULL,
      firing INTEGER NOT NULL, resolved INTEGER NOT NULL, alerts TEXT NOT NULL
    ) STRICT;
    CREATE INDEX deliveries_tenant ON deliveries (tenant);
    CREATE INDEX deliveries_started_at ON deliveries (started_at);

    """

  /// Who did what: it only grows, and only what the anchor covers may be deleted.
  private static let auditTables = """
    CREATE TABLE audit (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      at INTEGER NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL,
      tenant TEXT NOT NULL, project TEXT NOT NULL, commit_id TEXT, subject TEXT NOT NULL,
      state_before TEXT NOT NULL, state_after TEXT NOT NULL,
      hash TEXT NOT NULL
    ) STRICT;
    CREATE INDEX audit_tenant ON audit (tenant);
    CREATE INDEX audit_at ON audit (at);

    -- Where the chain of hashes begins after older rows were pruned: the last row pruned.
    CREATE TABLE audit_anchor (
      one INTEGER PRIMARY KEY CHECK (one = 1),
      id INTEGER NOT NULL,
      hash TEXT NOT NULL
    ) STRICT;

    CREATE TRIGGER audit_keeps_words BEFORE UPDATE ON audit
    BEGIN
      SELECT RAISE(ABORT, 'a row of the audit is never changed');
    END;

    CREATE TRIGGER audit_keeps_rows BEFORE DELETE ON audit
    WHEN old.id > coalesce((SELECT id FROM audit_anchor), 0)
    BEGIN
      SELECT RAISE(ABORT, 'a row of the audit is deleted only by its retention');
    END;
    """

  /// What is known of an attempt besides how it ended, by what a sent message is found again, and what rules used up.
  private static let version2 = """
    ALTER TABLE deliveries ADD COLUMN error TEXT NOT NULL DEFAULT '';
    ALTER TABLE deliveries ADD COLUMN endpoint INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE deliveries ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE deliveries ADD COLUMN merged INTEGER NOT NULL DEFAULT 1;
    ALTER TABLE deliveries ADD COLUMN next_attempt_at INTEGER;
    ALTER TABLE notification_log ADD COLUMN handle TEXT;

    CREATE TABLE rule_quotas (
      tenant TEXT NOT NULL, project TEXT NOT NULL, rule_group TEXT NOT NULL, rule TEXT NOT NULL,
      last_notified_at INTEGER, day TEXT NOT NULL, count INTEGER NOT NULL, held_back INTEGER NOT NULL,
      PRIMARY KEY (tenant, project, rule_group, rule)
    ) STRICT;
    """

  private static let version3 = auditColumns + aliasTables

  /// Who changed each rule, and what an audit row knows beyond who and when. Older rows keep their form, so their
  /// hashes stay what they are.
  private static let auditColumns = """
    ALTER TABLE resources ADD COLUMN rule_changes TEXT NOT NULL DEFAULT '[]';
    ALTER TABLE resources ADD COLUMN settled INTEGER NOT NULL DEFAULT 0;

    ALTER TABLE audit ADD COLUMN form INTEGER NOT NULL DEFAULT 1;
    ALTER TABLE audit ADD COLUMN committer TEXT NOT NULL DEFAULT '';
    ALTER TABLE audit ADD COLUMN merger TEXT NOT NULL DEFAULT '';
    ALTER TABLE audit ADD COLUMN approvers TEXT NOT NULL DEFAULT '[]';
    ALTER TABLE audit ADD COLUMN pull_request TEXT NOT NULL DEFAULT '';
    ALTER TABLE audit ADD COLUMN path TEXT NOT NULL DEFAULT '';
    ALTER TABLE audit ADD COLUMN line INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE audit ADD COLUMN kind TEXT NOT NULL DEFAULT '';
    ALTER TABLE audit ADD COLUMN name TEXT NOT NULL DEFAULT '';
    ALTER TABLE audit ADD COLUMN started_by TEXT NOT NULL DEFAULT '';
    ALTER TABLE audit ADD COLUMN revision TEXT NOT NULL DEFAULT '';
    CREATE INDEX audit_commit ON audit (commit_id);

    """

  /// Tenants and projects that have another name now; rows of history keep the name that they were written under.
  private static let aliasTables = """
    CREATE TABLE scope_aliases (
      former_tenant TEXT NOT NULL, former_project TEXT NOT NULL, renamed_at INTEGER NOT NULL,
      tenant TEXT NOT NULL, project TEXT NOT NULL,
      since INTEGER NOT NULL, commit_id TEXT,
      PRIMARY KEY (former_tenant, former_project, renamed_at)
    ) STRICT;

    """

  /// By what history is filtered: severity and channel are computed where they are read, and take room in their
  /// indexes only. `delivery_alerts` says which messages told of an alert; triggers keep it with the deliveries.
  private static let version4 = """
    ALTER TABLE transitions ADD COLUMN severity TEXT
      GENERATED ALWAYS AS (coalesce(json_extract(labels, '$.severity'), '')) VIRTUAL;
    CREATE INDEX transitions_severity ON transitions (severity);
    CREATE INDEX transitions_rule ON transitions (rule);

    ALTER TABLE deliveries ADD COLUMN channel_name TEXT
      GENERATED ALWAYS AS (json_extract(channel, '$[3]')) VIRTUAL;
    CREATE INDEX deliveries_channel ON deliveries (channel_name);
    CREATE INDEX deliveries_group ON deliveries (group_key);
    CREATE INDEX deliveries_outcome ON deliveries (outcome);

    CREATE TABLE delivery_alerts (
      fingerprint TEXT NOT NULL, delivery INTEGER NOT NULL,
      PRIMARY KEY (fingerprint, delivery)
    ) STRICT, WITHOUT ROWID;

    INSERT OR IGNORE INTO delivery_alerts (fingerprint, delivery)
      SELECT value, deliveries.id
      FROM deliveries, json_each('["' || replace(deliveries.alerts, ' ', '","') || '"]')
      WHERE deliveries.alerts <> '';

    CREATE TRIGGER deliveries_tell AFTER INSERT ON deliveries WHEN new.alerts <> ''
    BEGIN
      INSERT OR IGNORE INTO delivery_alerts (fingerprint, delivery)
        SELECT value, new.id FROM json_each('["' || replace(new.alerts, ' ', '","') || '"]');
    END;

    CREATE TRIGGER deliveries_forget AFTER DELETE ON deliveries WHEN old.alerts <> ''
    BEGIN
      DELETE FROM delivery_alerts WHERE delivery = old.id
        AND fingerprint IN (SELECT value FROM json_each('["' || replace(old.alerts, ' ', '","') || '"]'));
    END;

    """

  /// The tables that a start depends on: they are checked whole at every opening.
  static let checkedTables = [
    "meta", "scopes", "resources", "alerts", "notification_log", "silence_starts", "rule_quotas",
    "scope_aliases",
  ]
}
