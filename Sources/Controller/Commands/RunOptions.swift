import ArgumentParser

/// The flags of `belfry run`; each is also a variable `BELFRY_…` and a key of `--config`.
struct RunOptions: ParsableArguments {
  @Option(help: "The spec repository: https, ssh, file, or a path.")
  var repo: String?
  @Option(help: "Branch, tag or full ref to follow (default: the remote's default branch).")
  var branch: String?
  @Option(help: "The folder in the repository that holds platform/ and tenants/.")
  var path: String?
  @Option(help: "How often to look at the repository (default: 10s).")
  var pollInterval: String?
  @Option(help: "Where ledger and mirror are kept (default: belfry-data).")
  var dataDir: String?
  @Option(help: "Address of the status API (default: 127.0.0.1:8080).")
  var listen: String?
  @Option(help: "The address under which people reach the status page.")
  var externalURL: String?
  @Option(help: "The folder with one secret a file: <tenant>/<name> or <tenant>.<name>.")
  var secretsDir: String?
  @Option(help: "Who may change what: off, author or signed (default: off).")
  var commits: String?
  @Option(help: "The commit whose role bindings are trusted, by its whole id.")
  var trustRoot: String?
  @Option(help: "How many rules, routes and channels of a scope a revision may delete without Approval (default: 25).")
  var maxDeletions: String?
  @Option(help: "What share of a scope a revision may delete without Approval (default: 50%).")
  var maxDeletionShare: String?
  @Option(help: "What becomes of a branch with rewritten history: refuse, warn or accept (default: refuse).")
  var rewrittenHistory: String?
  @Option(help: "A second branch from which only silences of at most 24h are read.")
  var silencesRef: String?
  @Option(help: "Called after each healthy cycle, for a dead-man's switch outside.")
  var heartbeatURL: String?
  @Option(help: "SHA-256 of a token that may read the API; several with commas.")
  var tokenSHA256: String?
  @Option(help: "A file with such, one a line, read again when it changes.")
  var tokenSHA256File: String?
  @Option(help: "The OpenID Connect issuer whose tokens may read, such as https://id.example.com/realms/acme.")
  var oidcIssuer: String?
  @Option(help: "The audience ('aud') of the issuer's tokens that are meant for Belfry.")
  var oidcAudience: String?
  @Option(help: "The claim with a reader's groups, such as realm_access.roles (default: groups).")
  var oidcGroupsClaim: String?
  @Option(help: "The claim with a reader's name in role bindings (default: a verified email, else sub).")
  var oidcUsernameClaim: String?
  @Option(
    name: .customLong("oidc-jwks-url"),
    help: "Where the issuer's keys are (default: where its discovery document says).")
  var oidcJWKSURL: String?
  @Option(help: "Certificate authorities for the issuer, PEM.")
  var oidcCAFile: String?
  @Option(help: "Addresses that are never connected to: private, loopback.")
  var egressDeny: String?
  @Option(help: "text or json (default: text).")
  var logFormat: String?
  @Option(help: "How long a stop waits for work under way (default: 20s).")
  var gracePeriod: String?
  @Option(help: "How long one look at the repository may take (default: 60s).")
  var fetchTimeout: String?
  @Option(help: "The user name that goes with the token (default: x-access-token).")
  var gitUsername: String?
  @Option(help: "A file with the token for https.")
  var gitTokenFile: String?
  @Option(help: "A private key for ssh, ed25519 or ECDSA.")
  var gitSSHKey: String?
  @Option(help: "The known_hosts file for ssh.")
  var gitKnownHosts: String?
  @Option(help: "Certificate authorities for https, PEM.")
  var gitCAFile: String?
  @Option(help: "Tell outcomes after a merge to this forge: github, gitlab, gitea.")
  var forge: String?
  @Option(help: "The forge's address, or its API's (default: that of --repo).")
  var forgeURL: String?
  @Option(help: "The repository at the forge: owner/name (default: that of --repo).")
  var forgeRepo: String?
  @Option(help: "A file with a token that may write commit statuses and comments.")
  var forgeTokenFile: String?
  @Option(help: "Address for push webhooks of the forge (default: none).")
  var webhookListen: String?
  @Option(help: "A file with what webhooks are signed with, one secret a line.")
  var webhookSecretFile: String?
  @Option(help: "How long rows of the audit are kept, such as 2y (default: forever).")
  var auditRetention: String?
  @Option(help: "The status API's certificate with those between it and its authority, PEM (default: plain HTTP).")
  var tlsCertFile: String?
  @Option(help: "The key of the status API's certificate, PEM.")
  var tlsKeyFile: String?
  @Option(help: "Authorities whose clients alone may connect to the status API, PEM (default: everybody may).")
  var tlsClientCAFile: String?
  @Option(help: "How many connections the status API takes at one time (default: 1000).")
  var maxConnections: String?
  @Option(help: "How many requests a second one reader may go on sending, 0 for no limit (default: 50).")
  var maxRequestsPerSecond: String?
  @Option(help: "A YAML file with the same settings, dashes as underscores.")
  var config: String?

  /// The settings that flags, environment and file give together.
  func settings() throws -> Settings {
    let file = try (config ?? environment("BELFRY_CONFIG")).map { name in
      do {
        return (name, try Files.read(name, limit: 1 << 20))
      } catch {
        throw CommandFailure(.usage, "--config: \(error)")
      }
    }
    return try Settings(SettingValues(flags: flags, environment: environment, file: file))
  }

  private var flags: [String: String?] {
    [
      "repo": repo, "branch": branch, "path": path, "poll-interval": pollInterval, "data-dir": dataDir,
      "listen": listen, "external-url": externalURL, "secrets-dir": secretsDir, "commits": commits,
      "trust-root": trustRoot,
      "silences-ref": silencesRef, "heartbeat-url": heartbeatURL, "token-sha256": tokenSHA256,
      "token-sha256-file": tokenSHA256File, "oidc-issuer": oidcIssuer, "oidc-audience": oidcAudience,
      "oidc-groups-claim": oidcGroupsClaim, "oidc-username-claim": oidcUsernameClaim, "oidc-jwks-url": oidcJWKSURL,
      "oidc-ca-file": oidcCAFile,
      "egress-deny": egressDeny, "log-format": logFormat, "grace-period": gracePeriod, "fetch-timeout": fetchTimeout,
      "git-username": gitUsername, "git-token-file": gitTokenFile, "git-ssh-key": gitSSHKey,
      "git-known-hosts": gitKnownHosts, "git-ca-file": gitCAFile,
      "forge": forge, "forge-url": forgeURL, "forge-repo": forgeRepo, "forge-token-file": forgeTokenFile,
      "webhook-listen": webhookListen, "webhook-secret-file": webhookSecretFile,
      "tls-cert-file": tlsCertFile, "tls-key-file": tlsKeyFile, "tls-client-ca-file": tlsClientCAFile,
      "max-connections": maxConnections, "max-requests-per-second": maxRequestsPerSecond,
      "audit-retention": auditRetention,
      "max-deletions": maxDeletions, "max-deletion-share": maxDeletionShare,
      "rewritten-history": rewrittenHistory,
    ]
  }
}
