# Tells Deskbay who sits at this computer. Needs curl.exe, which Windows has.
#
#   lab-client.ps1 enrol CODE      once, with a code from an administrator
#   lab-client.ps1 on              tells that the computer is on until it is ended: for a task at start-up
#   lab-client.ps1 run [USER]      signs USER in (default: whoever is signed in) and pings until it is ended
#   lab-client.ps1 event NAME      one ping with an event, for the sign-in that runs
#
# $env:DESKBAY_URL names the server, $env:DESKBAY_STATE the folder of the token (default: ProgramData\deskbay-lab),
# $env:DESKBAY_SECONDS the time between two pings (default 60).
param([string]$Action, [string]$Value)
$ErrorActionPreference = 'Stop'
if (-not $env:DESKBAY_URL) { throw 'Set DESKBAY_URL, for example https://desk.example.org' }
$state = if ($env:DESKBAY_STATE) { $env:DESKBAY_STATE } else { Join-Path $env:ProgramData 'deskbay-lab' }
$seconds = if ($env:DESKBAY_SECONDS) { [int]$env:DESKBAY_SECONDS } else { 60 }
$promise = $seconds + 5 # the way takes time, and nobody is to be gone between two pings

function Now { (Get-Date).ToUniversalTime().ToString('yyyy-MM-ddTHH:mm:ssZ') }

# The token and the body go in by files that only this user reads: no process shows them.
function Send($path, $body, $authorized = $true) {
    $sent = New-TemporaryFile
    $options = New-TemporaryFile
    try {
        [IO.File]::WriteAllText($sent, ($body | ConvertTo-Json -Depth 5 -Compress))
        if ($authorized) {
            $token = [IO.File]::ReadAllText((Join-Path $state 'token')).Trim()
            [IO.File]::WriteAllText($options, "header = `"Authorization: Bearer $token`"")
        }
        $answer = & curl.exe --config $options --silent --show-error --fail-with-body --max-time 20 `
            --header 'Content-Type: application/json' --data "@$sent" "$env:DESKBAY_URL/api/v1/$path"
        if ($LASTEXITCODE -ne 0) { Write-Error "$answer" -ErrorAction Continue; return $null }
        if ($answer) { $answer | ConvertFrom-Json }
    } finally { Remove-Item $sent, $options }
}

function Ping($id, $at, $name) {
    $ping = @{ sign_in = $id; at = $at; next_ping_seconds = $promise; event = $name }
    Send 'pings' @{ sent_at = (Now); pings = @($ping) }
}

function Enrol($code) {
    New-Item -ItemType Directory -Force $state | Out-Null
    $enrolled = Send 'devices/enrol' @{ code = $code; name = $env:COMPUTERNAME } $false
    if (-not $enrolled) { exit 1 }
    [IO.File]::WriteAllText((Join-Path $state 'token'), $enrolled.token)
    & icacls.exe (Join-Path $state 'token') /inheritance:r /grant:r "${env:USERNAME}:F" 'SYSTEM:F' | Out-Null
}

function On {
    while ($true) {
        Send 'heartbeat' @{ next_ping_seconds = $promise } | Out-Null
        Start-Sleep $seconds
    }
}

function Run($user) {
    $id = [guid]::NewGuid().ToString()
    while (-not (Send 'sign-ins' @{ id = $id; username = $user; next_ping_seconds = $promise })) { Start-Sleep $seconds }
    [IO.File]::WriteAllText((Join-Path $state 'sign-in'), $id)
    $late = [Collections.Generic.Queue[string]]::new()
    while ($true) {
        Start-Sleep $seconds
        $late.Enqueue((Now))
        # What could not be sent is sent later with the time at which it happened.
        while ($late.Count -and (Ping $id $late.Peek() '')) { $late.Dequeue() | Out-Null }
    }
}

switch ($Action) {
    'enrol' { Enrol $Value }
    'on' { On }
    'run' { if (-not $Value) { $Value = $env:USERNAME }; Run $Value }
    'event' { Ping ([IO.File]::ReadAllText((Join-Path $state 'sign-in'))) (Now) $Value | Out-Null }
    default { Get-Content $PSCommandPath -TotalCount 9; exit 2 }
}
