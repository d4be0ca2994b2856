import CProcesses
import Glibc

/// The library that calls MPI, loaded when it is needed.
enum ProcessLibrary {
  static let fileName = "libcharlm-mpi.so"
  /// Names another file.
  static let variable = "CHARLM_MPI_LIBRARY"

  static func load(
    besideExecutableIn folder: String, launcher: MPILauncher
  ) throws -> charlm_processes {
    let path = environment(variable) ?? "\(folder)/\(fileName)"
    // Open MPI loads parts of itself, which need its symbols.
    guard let handle = dlopen(path, RTLD_NOW | RTLD_GLOBAL) else {
      let reason = dlerror().map { String(cString: $0) } ?? "no reason is given"
      throw ProcessError.libraryMissing(launcher: launcher.name, reason: reason)
    }
    guard let symbol = dlsym(handle, CHARLM_PROCESSES_SYMBOL) else {
      throw ProcessError.otherLibrary(path: path)
    }
    let library = symbol.assumingMemoryBound(to: charlm_processes.self).pointee
    guard library.version == CHARLM_PROCESSES_VERSION else {
      throw ProcessError.otherLibrary(path: path)
    }
    return library
  }
}

/// The program that has started this process as one of several.
package struct MPILauncher: Equatable {
  package let name: String
  /// The number that it has given to this process.
  package let rank: Int
  /// The number of processes that it says it has started; nil if it does not say.
  package let taskCount: Int?

  /// The variables that launchers set for each process, with those that count the processes.
  private static let variables = [
    ("mpirun", "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"),  // Open MPI
    ("mpirun", "PMI_RANK", "PMI_SIZE"),  // MPICH, and others of its kind
    ("srun", "SLURM_PROCID", "SLURM_STEP_NUM_TASKS"),
    ("mpirun", "PMIX_RANK", nil),
  ]

  /// Nil if there is none, or if it has started this process alone.
  /// - Parameter variable: the value of an environment variable.
  package init?(_ variable: (String) -> String? = environment) {
    for (name, rank, count) in Self.variables {
      guard let rank = variable(rank).flatMap({ Int($0) }) else { continue }
      let tasks = count.flatMap { variable($0) }.flatMap { Int($0) }
      // Slurm numbers the process of a batch script, too, without counting it.
      guard count == nil || tasks ?? 1 > 1 else { return nil }
      (self.name, self.rank, taskCount) = (name, rank, tasks)
      return
    }
    return nil
  }
}

package func environment(_ name: String) -> String? {
  getenv(name).map { String(cString: $0) }
}

/// Errors of joining other processes.
package enum ProcessError: Error, CustomStringConvertible {
  case libraryMissing(launcher: String, reason: String)
  /// The library is of another version, or another library.
  case otherLibrary(path: String)
  case cannotStart(reason: String)
  /// A launcher has started several processes, and MPI knows of one.
  case alone(taskCount: Int)

  package var description: String {
    switch self {
    case .libraryMissing(let launcher, let reason):
      "\(launcher) has started several processes, and the library with which they communicate "
        + "cannot be loaded (\(reason)): build it with scripts/build-mpi.sh, or start one process."
    case .otherLibrary(let path):
      "'\(path)' is not the library of this version of charlm: build it anew with "
        + "scripts/build-mpi.sh."
    case .cannotStart(let reason):
      "The processes cannot communicate: \(reason)."
    case .alone(let taskCount):
      "\(taskCount) processes were started, but MPI knows of one only: start them with the mpirun "
        + "of the MPI that \(ProcessLibrary.fileName) was built with, or with Slurm's plugin for it."
    }
  }
}
