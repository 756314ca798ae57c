import Glibc
import Synchronization

/// A home folder for the library, in which it finds the known_hosts file of the settings.
///
/// From a server with several keys the library asks for one of a type that known_hosts has, but it looks in `$HOME`
/// alone. Whether the key is trusted is judged by ``RemoteSettings/judge(_:)``, not here.
enum SSHHome {
  /// There is one environment for the whole process.
  private static let environment = Mutex(())

  /// Runs `body` while the library finds `file`; the folder is made in `repository`, and goes again.
  static func with<Result: Sendable>(
    knownHostsFile file: String?, in repository: String, _ body: () -> Result
  ) -> Result {
    guard let file, file.hasPrefix("/") else { return body() }
    return environment.withLock { _ in
      let before = getenv("HOME").map { String(cString: $0) }
      let home = repository + "/belfry-home"
      let link = home + "/.ssh/known_hosts"
      mkdir(home, 0o700)
      mkdir(home + "/.ssh", 0o700)
      unlink(link)
      symlink(file, link)
      setenv("HOME", home, 1)
      defer {
        if let before { setenv("HOME", before, 1) } else { unsetenv("HOME") }
        unlink(link)
        rmdir(home + "/.ssh")
        rmdir(home)
      }
      return body()
    }
  }
}
