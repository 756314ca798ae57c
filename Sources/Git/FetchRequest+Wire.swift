import Model

extension FetchRequest {
  /// For the child's standard input: the only place where secrets are written out.
  package var wireBytes: [UInt8] {
    var wire = WireText()
    wire["repository"] = repository
    remote.write(to: &wire)
    switch operation {
    case .fetch(let tracks):
      wire["operation"] = "fetch"
      for track in tracks {
        wire["track"] = track.name
        wire["track-ref"] = track.ref ?? "HEAD"
        wire["track-required"] = String(track.isRequired)
        wire["track-known"] = track.known?.hex ?? ""
      }
    case .push(let commit, let ref):
      wire["operation"] = "push"
      wire["commit"] = commit.hex
      wire["push-ref"] = ref
    }
    return wire.bytes
  }

  /// Reads ``wireBytes``.
  package init?(wire bytes: [UInt8]) {
    guard let wire = WireText(bytes), let repository = wire["repository"], let remote = RemoteSettings(wire),
      let operation = Operation(wire)
    else { return nil }
    self.init(repository: repository, remote: remote, operation: operation)
  }
}

extension FetchRequest.Operation {
  fileprivate init?(_ wire: WireText) {
    switch wire["operation"] {
    case "fetch":
      let (names, refs) = (wire.all("track"), wire.all("track-ref"))
      let (required, known) = (wire.all("track-required"), wire.all("track-known"))
      guard refs.count == names.count, required.count == names.count, known.count == names.count else { return nil }
      self = .fetch(
        names.indices.map { index in
          FetchRequest.Track(
            name: names[index], ref: refs[index] == "HEAD" ? nil : refs[index], isRequired: required[index] == "true",
            known: ObjectID(known[index])
          )
        }
      )
    case "push":
      guard let commit = wire["commit"].flatMap({ ObjectID($0) }), let ref = wire["push-ref"] else { return nil }
      self = .push(commit: commit, ref: ref)
    default: return nil
    }
  }
}

extension RemoteSettings {
  fileprivate func write(to wire: inout WireText) {
    wire["url"] = url.text
    wire["known-hosts"] = knownHostsFile
    wire["ca-file"] = certificateAuthorityFile
    switch credentials {
    case .none: break
    case .token(let username, let secret):
      wire["username"] = username
      wire["token"] = secret.reveal()
    case .basic(let username, let secret):
      wire["username"] = username
      wire["password"] = secret.reveal()
    case .sshKey(let privateKeyFile, let publicKeyFile, let passphrase):
      wire["private-key"] = privateKeyFile
      wire["public-key"] = publicKeyFile
      wire["passphrase"] = passphrase?.reveal()
    case .sshAgent(let socket): wire["agent"] = socket
    }
  }

  fileprivate init?(_ wire: WireText) {
    guard let url = wire["url"] else { return nil }
    var credentials = Credentials.none
    if let token = wire["token"] {
      credentials = .token(username: wire["username"] ?? "", Secret(token))
    } else if let password = wire["password"] {
      credentials = .basic(username: wire["username"] ?? "", password: Secret(password))
    } else if let key = wire["private-key"] {
      let passphrase = wire["passphrase"].map { Secret($0) }
      credentials = .sshKey(privateKeyFile: key, publicKeyFile: wire["public-key"], passphrase: passphrase)
    } else if let socket = wire["agent"] {
      credentials = .sshAgent(socket: socket)
    }
    do throws(GitError) {
      try self.init(
        url: url, credentials: credentials, knownHostsFile: wire["known-hosts"],
        certificateAuthorityFile: wire["ca-file"]
      )
    } catch {
      return nil
    }
  }
}
