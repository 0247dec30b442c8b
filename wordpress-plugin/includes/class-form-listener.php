<?php
/**
 * Listens to Contact Form 7.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

use Throwable;
use WPCF7_ContactForm;
use WPCF7_Submission;

/**
 * Puts submissions into the spool. This runs while the visitor waits, so it does nothing else.
 */
final class Form_Listener {

	private Intake $intake;

	public function __construct( Intake $intake ) {
		$this->intake = $intake;
	}

	public function register(): void {
		add_filter( 'wpcf7_pre_construct_contact_form_properties', array( Form_Settings::class, 'declare_property' ) );
		add_action( 'wpcf7_submit', array( $this, 'listen' ), 10, 2 );
	}

	/**
	 * Takes in what was sent, also when the site's own mail failed: the opt-in must not depend on it.
	 */
	public function listen( WPCF7_ContactForm $form, array $result ): void {
		$submission = WPCF7_Submission::get_instance();
		if ( ! $submission
			|| ! in_array( $result['status'] ?? '', array( 'mail_sent', 'mail_failed' ), true )
			|| $form->in_demo_mode()
			|| $submission->get_meta( 'do_not_store' )
		) {
			return;
		}
		// Whatever goes wrong here, the visitor's form must work. The log says which form, and nothing about the visitor.
		try {
			$settings = Form_Settings::of( $form );
			$stored   = ! $settings->enabled || $this->intake->take( Submission::from( $form, $submission, $settings ), $form );
		} catch ( Throwable $error ) {
			$stored = false;
		}
		if ( ! $stored ) {
			error_log( sprintf( 'Gateway Connector: a submission of form %d could not be stored.', $form->id() ) );
		}
	}
}
