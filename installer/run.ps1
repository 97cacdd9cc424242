# Installs what is missing, then runs `tillkeeper ARGS...`: powershell -File installer\run.ps1 [ARGS...]
# For Windows PowerShell 5 and newer. Written beside run.sh but NOT YET RUN on a Windows machine.
$ErrorActionPreference = 'Stop'
$root = Split-Path -Parent $PSScriptRoot
$venv = if ($env:TILLKEEPER_VENV) { $env:TILLKEEPER_VENV } else { Join-Path $root '.venv' }

function Find-Python {
    $fitting = 'import platform, sys; sys.exit(not ((3, 11) <= sys.version_info[:2] <= (3, 13) and platform.python_implementation() == ''CPython''))'
    foreach ($candidate in @('py -3.13', 'py -3.12', 'py -3.11', 'python', 'python3')) {
        $program, $version = $candidate -split ' '
        if (-not (Get-Command $program -ErrorAction SilentlyContinue)) { continue }
        $ErrorActionPreference = 'Continue' # PowerShell 5 takes a program's standard error for its own
        & $program @($version | Where-Object { $_ }) -I -c $fitting 2>$null | Out-Null
        $fits = $LASTEXITCODE -eq 0
        $ErrorActionPreference = 'Stop'
        if ($fits) { return $candidate }
    }
}

$python = Find-Python
if (-not $python) {
    [Console]::Error.WriteLine('tillkeeper: Python 3.11, 3.12 or 3.13 is needed and was not found. Install one of them (winget install Python.Python.3.13), then start again.')
    exit 1
}
$program, $version = $python -split ' '
& $program @($version | Where-Object { $_ }) -I (Join-Path $PSScriptRoot 'environment.py') run $venv
if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }

# -P: a folder named console where the person stands is not ours.
& (Join-Path $venv 'Scripts\python.exe') -P -m console @args
exit $LASTEXITCODE
