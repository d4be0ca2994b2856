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
struct MPILauncher {
  let name: String
  /// The number of processes that it says it has started; 1 if it does not say.
  let taskCount: Int

  /// The variables that launchers set for each process, with those that count the processes.
  private static let variables = [
    ("mpirun", "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"),  // Open MPI
    ("mpirun", "PMI_RANK", "PMI_SIZE"),  // MPICH, and others of its kind
    ("srun", "SLURM_PROCID", "SLURM_STEP_NUM_TASKS"),
    ("mpirun", "PMIX_RANK", ""),
  ]

  /// Nil if there is none, or if it has started this process alone.
  init?() {
    guard let (name, _, count) = Self.variables.first(where: { environment($0.1) != nil }) else {
      return nil
    }
    let tasks = environment(count).flatMap { Int($0) }
    guard tasks != 1 else { return nil }
    self.name = name
    taskCount = tasks ?? 1
  }
}

private func environment(_ name: String) -> String? {
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
  /// The processes are of different builds.
  case otherBuild(rank: Int, host: String, build: String, own: String)
  /// The shards of a run cannot be divided among so many processes.
  case indivisible(shards: Int, processCount: Int)

  package var description: String {
    switch self {
    case .libraryMissing(let launcher, let reason):
      "\(launcher) has started several processes, and the library with which they speak cannot be "
        + "loaded (\(reason)): build it with scripts/build-mpi.sh, or start one process."
    case .otherLibrary(let path):
      "'\(path)' is not the library of this version of charlm: build it anew with "
        + "scripts/build-mpi.sh."
    case .cannotStart(let reason):
      "The processes cannot speak with each other: \(reason)."
    case .alone(let taskCount):
      "\(taskCount) processes were started, but MPI knows of one only: start them by the mpirun of "
        + "the MPI that \(ProcessLibrary.fileName) was built with, or by srun --mpi=pmix (or pmi2)."
    case .otherBuild(let rank, let host, let build, let own):
      "Process \(rank) on '\(host)' is '\(build)', and process 0 is '\(own)': start the same "
        + "program everywhere."
    case .indivisible(let shards, let processCount):
      "\(shards) shard\(shards == 1 ? "" : "s") cannot be divided equally among \(processCount) "
        + "processes: start \(Self.counts(shards)), or begin another run with --shards "
        + "\(processCount)."
    }
  }

  /// The numbers of processes that share `shards`, in words.
  private static func counts(_ shards: Int) -> String {
    let counts = (1...shards).filter { Self.shards(shards, canBeSharedBy: $0) }
    guard counts.count > 1 else { return "one process" }
    return counts.dropLast().map(String.init).joined(separator: ", ") + " or \(counts.last!)"
  }

  /// Whether each of `processCount` processes can have a subtree of the sum of `shards`.
  package static func shards(_ shards: Int, canBeSharedBy processCount: Int) -> Bool {
    processCount == shards
      || shards.isMultiple(of: processCount) && processCount.nonzeroBitCount == 1
  }
}
