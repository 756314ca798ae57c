/// A real sshd on loopback that lets one key in, with the keys and known_hosts files that go with it.
struct SSHServer: Sendable {
  private let server: Server
  let folder: String
  /// The user that may log in: whoever runs the tests.
  let user: String

  var port: Int { server.ports[0] }
  /// A known_hosts file that has the server's ed25519 key, or what its name says besides.
  enum Hosts: String, Sendable {
    case plain = "known_hosts"
    case withECDSA = "known_hosts_all"
    case hashed = "known_hosts_hashed"
    case changed = "known_hosts_changed"
    case revoked = "known_hosts_revoked"
  }

  func file(_ hosts: Hosts) -> String { folder + "/" + hosts.rawValue }

  /// A key pair that is let in, or one that isn't: `ed25519`, `ecdsa`, `rsa`, `locked` (passphrase `open`), `stranger`.
  func key(_ name: String) -> String { folder + "/" + name }

  private static let starting = Task {
    let folder = try TemporaryFolder().path
    try await runTool(["sh", "-c", keyScript, "sh", folder])
    let server = try Server(["python3", "-c", script, folder])
    guard let port = server.ports.first else { throw ToolFailure(description: "sshd didn't start") }
    try await runTool(["sh", "-c", hostsScript, "sh", folder, String(port)])
    return SSHServer(server: server, folder: folder, user: try await runTool(["id", "-un"]))
  }

  /// The server, started on first use; it goes with the process.
  static func shared() async throws -> SSHServer { try await starting.value }

  private static let keyScript = """
    cd "$1" || exit 1
    new() { ssh-keygen -q -N "$3" -t $2 -f "$1"; }
    new host_ed25519 ed25519 '' && new host_ecdsa ecdsa '' && new other ed25519 ''
    new ed25519 ed25519 '' && new ecdsa ecdsa '' && new rsa 'rsa -b 2048' ''
    new locked ed25519 open && new stranger ed25519 ''
    cat ed25519.pub ecdsa.pub rsa.pub locked.pub >authorized_keys
    """

  private static let hostsScript = """
    cd "$1" || exit 1
    line() { echo "[localhost]:$2 $(cut -d ' ' -f 1,2 "$1.pub")"; }
    line host_ed25519 "$2" >known_hosts
    line host_ed25519 "$2" >known_hosts_hashed && ssh-keygen -q -H -f known_hosts_hashed
    line other "$2" >known_hosts_changed
    { cat known_hosts; line host_ecdsa "$2"; } >known_hosts_all
    { cat known_hosts_all; sed 's/^/@revoked /' known_hosts_all; } >known_hosts_revoked
    """

  /// Finds a free port, runs sshd there in the foreground, and ends it by its process id.
  private static let script = """
    import os, socket, subprocess, sys, time
    folder = sys.argv[1]
    os.makedirs('/run/sshd', exist_ok=True)
    with socket.create_server(('127.0.0.1', 0)) as probe: port = probe.getsockname()[1]
    with open(folder + '/sshd_config', 'w') as file:
        file.write(f'''Port {port}
    ListenAddress 127.0.0.1
    HostKey {folder}/host_ed25519
    HostKey {folder}/host_ecdsa
    AuthorizedKeysFile {folder}/authorized_keys
    PidFile none
    StrictModes no
    PermitRootLogin yes
    PasswordAuthentication no
    KbdInteractiveAuthentication no
    UsePAM no
    MaxStartups 100
    '''.replace('    ', ''))
    sshd = subprocess.Popen(['/usr/sbin/sshd', '-D', '-f', folder + '/sshd_config'], stdin=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL)
    for _ in range(200):
        try:
            socket.create_connection(('127.0.0.1', port)).close()
            print(port, flush=True)
            break
        except OSError: time.sleep(0.05)
    sys.stdin.read()
    sshd.terminate()
    """
}
