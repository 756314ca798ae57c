/// An authority of the tests' own, and certificates of `localhost` and of a client from it. The files go with the process.
struct Certificates: Sendable {
  var directory: String

  var authority: String { directory + "/ca.pem" }
  var serverCertificate: String { directory + "/server.pem" }
  var serverKey: String { directory + "/server.key" }
  var clientCertificate: String { directory + "/client.pem" }
  var clientKey: String { directory + "/client.key" }

  private static let making = Task {
    let peer = try Peer(["sh", "-c", script])
    return (peer, Certificates(directory: try await peer.line(0)))
  }

  static func shared() async throws -> Certificates {
    try await making.value.1
  }

  private static let script = """
    d=$(mktemp -d) && cd "$d" || exit 1
    new() { openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 "$@" 2>/dev/null; }
    new -keyout ca.key -out ca.pem -subj '/CN=Authority of the tests'
    new -keyout server.key -out server.pem -subj /CN=localhost -CA ca.pem -CAkey ca.key \
      -addext basicConstraints=critical,CA:FALSE -addext subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1
    new -keyout client.key -out client.pem -subj /CN=ana -CA ca.pem -CAkey ca.key \
      -addext basicConstraints=critical,CA:FALSE
    echo "$d"
    cat >/dev/null
    rm -rf "$d"
    """
}
