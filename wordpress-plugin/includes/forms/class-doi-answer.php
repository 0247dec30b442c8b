<?php
/**
 * Contact Form 7's own double opt-in.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

use WPCF7_Submission;

/**
 * Answers modules of Contact Form 7 (Brevo's, for example) that ask for a double opt-in before they add somebody: the gateway does
 * it, and the module adds nobody itself.
 *
 * Such a module fires wpcf7_doi during wpcf7_submit and stops when the token is set afterwards. Contact Form 7's own answer, which
 * needs the plugin Doi Helper, comes at priority 10 and respects a token that is set.
 */
final class Doi_Answer {

	private Settings $settings;

	private Form_Listener $listener;

	public function __construct( Settings $settings, Form_Listener $listener ) {
		$this->settings = $settings;
		$this->listener = $listener;
	}

	public function register(): void {
		add_action( 'wpcf7_doi', array( $this, 'answer' ), 9, 3 );
	}

	/**
	 * Sets the token only when the opt-in is in the spool. Otherwise (the form has no list, or the database refused)
	 * the module goes on as before, so that no sign-up is lost.
	 *
	 * @param string      $agent Who asks, for example wpcf7_sendinblue.
	 * @param array       $args  What it would send.
	 * @param string|null $token The answer.
	 */
	public function answer( $agent, $args, &$token ): void {
		$submission = WPCF7_Submission::get_instance();
		if ( isset( $token ) || ! $submission || ! $this->settings->answers_doi() ) {
			return;
		}
		// The rule of Contact Form 7: "doi: off" among a form's additional settings, or this filter, asks for none.
		$wanted = apply_filters( 'wpcf7_do_doi', ! $submission->get_contact_form()->is_false( 'doi' ), $agent, $args );
		if ( $wanted && $this->listener->has_opt_in_of( $submission ) ) {
			$token = 'gateway-' . wp_generate_uuid4();
		}
	}
}
