import { buttonClass } from '#components/ui/button.tsx';
import { Link } from '#components/ui/link.tsx';
import { MessagePage } from '#components/ui/message-page.tsx';

export default function NotFound() {
  return (
    <MessagePage
      title="Nothing here"
      actions={
        <Link href="/" className={buttonClass({ variant: 'primary' })}>
          To the overview
        </Link>
      }
    >
      This leads to something that is not there, or that you may not see. It may be in another environment.
    </MessagePage>
  );
}
