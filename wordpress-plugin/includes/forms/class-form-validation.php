<?php
/**
 * What a form refuses.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

use Throwable;
use WPCF7_ContactForm;
use WPCF7_Submission;
use WPCF7_Validation;

/**
 * Refuses in the form what the gateway would refuse later, when nobody can correct it any more: a ticked box without an address that mail
 * can be sent to. Whoever ticks no box may write what they like.
 */
final class Form_Validation {

	public function register(): void {
		add_filter( 'wpcf7_validate', array( $this, 'check' ), 20 );
		add_filter( 'wpcf7_is_email', array( $this, 'accept' ), 10, 2 );
	}

	/**
	 * Says at the field what is wrong with it. When the field is in another step, it is said at the box.
	 *
	 * @param WPCF7_Validation $result What is wrong so far.
	 */
	public function check( $result ) {
		$submission = WPCF7_Submission::get_instance();
		$form       = $submission ? $submission->get_contact_form() : null;
		if ( ! $form || $form->in_demo_mode() || $submission->get_meta( 'do_not_store' ) ) {
			return $result;
		}
		try {
			$settings = Form_Settings::of( $form );
			$wanted   = $settings->enabled ? self::wanted( $settings, $submission ) : array();
			$fields   = array() === $wanted ? array() : Posted_Fields::of( $form, $submission, $settings );
			foreach ( $wanted as $subscription ) {
				$this->check_address( $result, $form, $subscription, Posted_Fields::text( $fields, $subscription->email ) );
			}
		} catch ( Throwable $error ) {
			Log::note( sprintf( 'the address in form %d could not be checked: %s', $form->id(), $error->getMessage() ) );
		}
		return $result;
	}

	/**
	 * The subscriptions that the visitor asks for by a tick.
	 *
	 * @return Subscription[]
	 */
	public static function wanted( Form_Settings $settings, WPCF7_Submission $submission ): array {
		$form   = $submission->get_contact_form();
		$shown  = Shown_Form::posted_in_steps( $form, (array) $submission->get_posted_data() );
		$hidden = Conditional_Groups::hidden_fields( $form );
		return array_filter(
			$settings->complete(),
			static fn( Subscription $one ) => ! in_array( $one->email, $hidden, true )
				&& Consent::read( $one, $submission, $shown )['given']
		);
	}

	/**
	 * Contact Form 7 takes only domains in ASCII. A connected form takes whatever the gateway takes.
	 *
	 * @param mixed $valid Whether Contact Form 7 takes it.
	 * @param mixed $text  What was typed.
	 */
	public function accept( $valid, $text ): bool {
		if ( $valid || ! is_string( $text ) ) {
			return (bool) $valid;
		}
		$submission = WPCF7_Submission::get_instance();
		return $submission && Form_Settings::of( $submission->get_contact_form() )->enabled && Email_Address::is_valid( $text );
	}

	private function check_address( WPCF7_Validation $result, WPCF7_ContactForm $form, Subscription $subscription, string $address ): void {
		if ( Email_Address::is_valid( $address ) ) {
			return;
		}
		$tags = $form->scan_form_tags( array( 'name' => $subscription->email ) );
		if ( $tags && 'hidden' !== $tags[0]->basetype ) {
			$result->invalidate( $tags[0], $form->message( '' === $address ? 'invalid_required' : 'invalid_email' ) );
			return;
		}
		$boxes = $form->scan_form_tags( array( 'name' => $subscription->consent ) );
		if ( $boxes ) {
			$result->invalidate(
				$boxes[0],
				__( 'For this, we need your email address. Please go back and enter it.', 'gateway-connector' )
			);
		}
	}
}
