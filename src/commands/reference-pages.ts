import { adminPages } from './admin-pages.ts';
import { attributesPage } from './attributes-page.ts';
import { commandsPage } from './commands-page.ts';
import { dialectPages } from './dialect-pages.ts';
import { faultsPage } from './faults-page.ts';
import { limitsPage } from './limits-page.ts';
import { profilesPage } from './profiles-page.ts';
import { rightsPage } from './rights-page.ts';
import { scimSchemasPage } from './scim-schemas-page.ts';
import { settingsPage } from './settings-page.ts';

/** The pages of docs/reference by file name, each made from the table that the program itself reads. */
export async function referencePages(): Promise<Readonly<Record<string, string>>> {
  return {
    ...(await adminPages()),
    ...dialectPages(),
    'attributes.md': attributesPage(),
    'commands.md': commandsPage(),
    'faults.md': faultsPage(),
    'limits.md': limitsPage(),
    'profiles.md': profilesPage(),
    'rights.md': rightsPage(),
    'scim-schemas.md': scimSchemasPage(),
    'settings.md': settingsPage(),
  };
}
