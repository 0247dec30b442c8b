<?php
/**
 * What a form says after it was sent.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

use Throwable;
use WPCF7_ContactForm;
use WPCF7_Submission;

/**
 * Tells people who ticked a box that they must look into their mailbox: Contact Form 7 itself only says that the message was sent.
 */
final class Mailbox_Message {

	/**
	 * Our sentences, in the languages of the gateway's mails. WordPress' translations do not help here: a site may have pages in a
	 * language that WordPress does not have installed.
	 */
	private const SENTENCES = array(
		'en' => 'Please look into your mailbox now and confirm your subscription with the button in our email. It starts only then.',
		'fr' => 'Consultez maintenant votre messagerie et confirmez votre inscription avec le bouton de notre e-mail. '
			. 'Elle ne prend effet qu’après cela.',
		'de' => 'Bitte sehen Sie jetzt in Ihr Postfach und bestätigen Sie Ihre Anmeldung mit der Schaltfläche in unserer E-Mail. '
			. 'Erst dann gilt sie.',
		'es' => 'Mire ahora en su buzón y confirme su suscripción con el botón de nuestro correo. Solo entonces será válida.',
		'it' => 'Controlli ora la Sua casella di posta e confermi l’iscrizione con il pulsante nella nostra e-mail. '
			. 'Solo allora sarà valida.',
	);

	public function register(): void {
		add_action( 'wpcf7_mail_sent', array( $this, 'say' ) );
		add_action( 'wpcf7_mail_failed', array( $this, 'say' ) );
	}

	/**
	 * Our sentence in a language.
	 */
	public static function ours( string $language ): string {
		return self::SENTENCES[ $language ] ?? self::SENTENCES['en'];
	}

	/**
	 * Adds the sentence to what the form says; also when the site's own mail failed, because the subscription does not depend on it.
	 */
	public function say( WPCF7_ContactForm $form ): void {
		$submission = WPCF7_Submission::get_instance();
		if ( ! $submission || $form->in_demo_mode() || $submission->get_meta( 'do_not_store' ) ) {
			return;
		}
		try {
			$settings = Form_Settings::of( $form );
			if ( $settings->enabled && $settings->says_mailbox && array() !== Form_Validation::wanted( $settings, $submission ) ) {
				$submission->set_response( trim( $submission->get_response() . ' ' . self::text( $form, $settings ) ) );
			}
		} catch ( Throwable $error ) {
			Log::note( sprintf( 'the message after form %d stays as it is: %s', $form->id(), $error->getMessage() ) );
		}
	}

	private static function text( WPCF7_ContactForm $form, Form_Settings $settings ): string {
		$locale   = Submission::locale( $form, $settings, Shown_Form::posted( $form ) );
		$language = Languages::code( $locale );
		$text     = $settings->mailbox_texts[ $language ] ?? self::ours( $language );
		/**
		 * What a form adds to its message after somebody ticked a box. Return an empty text to add nothing.
		 *
		 * @param string            $text   The sentence.
		 * @param WPCF7_ContactForm $form   The form.
		 * @param string            $locale The locale of the page or of the form's choice, such as fr_FR.
		 */
		return wp_strip_all_tags( (string) apply_filters( 'gateway_connector_mailbox_message', $text, $form, $locale ) );
	}
}
