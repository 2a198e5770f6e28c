import { lazy } from 'react'
import { Outlet, Route, Routes, useLocation } from 'react-router'
import { AdministratorsOnly } from './components/administrators-only'
import { LiveDesktops } from './components/live'
import { PageLoading } from './components/page-loading'
import { SignedIn } from './components/signed-in'
import { HomePage } from './pages/home/home-page'
import { LinkPage } from './pages/link/link-page'
import { readLink } from './pages/link/read-link'
import { NotFoundPage } from './pages/not-found/not-found-page'
import { InLanguage } from './words/in-language'

const ActivityPage = lazy(() => import('./pages/activity/activity-page'))
const AllowancesPage = lazy(() => import('./pages/allowances/allowances-page'))
const AnnouncementsPage = lazy(() => import('./pages/announcements/announcements-page'))
const AuditPage = lazy(() => import('./pages/audit/audit-page'))
const CallbackPage = lazy(() => import('./pages/sign-in/callback-page'))
const DesktopPage = lazy(() => import('./pages/desktop/desktop-page'))
const DesktopsPage = lazy(() => import('./pages/desktops/desktops-page'))
const DevicePage = lazy(() => import('./pages/device/device-page'))
const DevicesPage = lazy(() => import('./pages/devices/devices-page'))
const ForgottenPage = lazy(() => import('./pages/sign-in/forgotten-page'))
const GroupPage = lazy(() => import('./pages/group/group-page'))
const GroupsPage = lazy(() => import('./pages/groups/groups-page'))
const HistoryPage = lazy(() => import('./pages/history/history-page'))
const MyDevicesPage = lazy(() => import('./pages/my-devices/my-devices-page'))
const NewPasswordPage = lazy(() => import('./pages/sign-in/new-password-page'))
const OnNowPage = lazy(() => import('./pages/on-now/on-now-page'))
const PeoplePage = lazy(() => import('./pages/people/people-page'))
const PersonPage = lazy(() => import('./pages/person/person-page'))
const ProfilePage = lazy(() => import('./pages/profile/profile-page'))
const PublicMapPage = lazy(() => import('./pages/public-map/public-map-page'))
const RecordingPage = lazy(() => import('./pages/recordings/recording-page'))
const RecordingsPage = lazy(() => import('./pages/recordings/recordings-page'))
const ReportsPage = lazy(() => import('./pages/reports/reports-page'))
const RolesPage = lazy(() => import('./pages/roles/roles-page'))
const RoomPage = lazy(() => import('./pages/room/room-page'))
const RoomsPage = lazy(() => import('./pages/rooms/rooms-page'))
const RuntimesPage = lazy(() => import('./pages/runtimes/runtimes-page'))
const SessionPage = lazy(() => import('./pages/session/session-page'))
const SessionsPage = lazy(() => import('./pages/sessions/sessions-page'))
const SettingsPage = lazy(() => import('./pages/settings/settings-page'))
const SignInPage = lazy(() => import('./pages/sign-in/sign-in-page'))
const SignUpPage = lazy(() => import('./pages/sign-up/sign-up-page'))
const TemplatePage = lazy(() => import('./pages/templates/template-page'))
const TemplatesPage = lazy(() => import('./pages/templates/templates-page'))
const TokensPage = lazy(() => import('./pages/tokens/tokens-page'))
const VerifyPage = lazy(() => import('./pages/sign-in/verify-page'))
const VolumesPage = lazy(() => import('./pages/volumes/volumes-page'))

export function App() {
  // The token of a one-time link is in the fragment, which browsers never send.
  const link = readLink(useLocation().hash)
  if (link) return <InLanguage language={null}><LinkPage {...link} /></InLanguage>
  return (
    <Routes>
      <Route element={<InLanguage language={null}><PageLoading><Outlet /></PageLoading></InLanguage>}>
        <Route path="/sign-in" element={<SignInPage />} />
        <Route path="/sign-in/callback" element={<CallbackPage />} />
        <Route path="/forgotten-password" element={<ForgottenPage />} />
        <Route path="/new-password" element={<NewPasswordPage />} />
        <Route path="/verify" element={<VerifyPage />} />
        <Route path="/sign-up" element={<SignUpPage />} />
        <Route path="/map" element={<PublicMapPage />} />
      </Route>
      <Route element={<SignedIn />}>
        <Route element={<LiveDesktops />}>
          <Route path="/" element={<HomePage />} />
          <Route path="/desktops/:id" element={<DesktopPage />} />
          <Route path="/sessions" element={<SessionsPage />} />
          <Route path="/sessions/:id" element={<SessionPage />} />
          <Route path="/my-devices" element={<MyDevicesPage />} />
          <Route path="/profile" element={<ProfilePage />} />
          <Route path="/history" element={<HistoryPage />} />
          <Route path="/volumes" element={<VolumesPage />} />
          <Route element={<AdministratorsOnly />}>
            <Route path="/audit" element={<AuditPage />} />
            <Route path="/announcements" element={<AnnouncementsPage />} />
            <Route path="/settings" element={<SettingsPage />} />
          </Route>
          <Route path="*" element={<NotFoundPage />} />
        </Route>
        <Route path="/activity" element={<ActivityPage />} />
        <Route path="/groups" element={<GroupsPage />} />
        <Route path="/groups/:id" element={<GroupPage />} />
        <Route element={<AdministratorsOnly />}>
          <Route path="/on-now" element={<OnNowPage />} />
          <Route path="/desktops" element={<DesktopsPage />} />
          <Route path="/templates" element={<TemplatesPage />} />
          <Route path="/templates/:id" element={<TemplatePage />} />
          <Route path="/runtimes" element={<RuntimesPage />} />
          <Route path="/allowances" element={<AllowancesPage />} />
          <Route path="/rooms" element={<RoomsPage />} />
          <Route path="/rooms/:id" element={<RoomPage />} />
          <Route path="/devices" element={<DevicesPage />} />
          <Route path="/devices/:id" element={<DevicePage />} />
          <Route path="/people" element={<PeoplePage />} />
          <Route path="/people/:id" element={<PersonPage />} />
          <Route path="/roles" element={<RolesPage />} />
          <Route path="/tokens" element={<TokensPage />} />
          <Route path="/recordings" element={<RecordingsPage />} />
          <Route path="/recordings/:id" element={<RecordingPage />} />
          <Route path="/reports" element={<ReportsPage />} />
        </Route>
      </Route>
    </Routes>
  )
}
