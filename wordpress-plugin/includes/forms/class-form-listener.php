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

	/**
	 * The submission whose opt-in is in the spool.
	 */
	private ?WPCF7_Submission $opted_in = null;

	/**
	 * What to tell the visitor whose sign-up could be stored nowhere.
	 */
	private string $loss = '';

	public function __construct( Intake $intake ) {
		$this->intake = $intake;
	}

	public function register(): void {
		add_filter( 'wpcf7_pre_construct_contact_form_properties', array( Form_Settings::class, 'declare_property' ) );
		// Before the modules of Contact Form 7, which ask Doi_Answer whether their opt-in is ours.
		add_action( 'wpcf7_submit', array( $this, 'listen' ), 9, 2 );
		add_filter( 'wpcf7_feedback_response', array( $this, 'tell_loss' ) );
	}

	/**
	 * Whether the spool has a submission together with what it subscribes to.
	 */
	public function has_opt_in_of( WPCF7_Submission $submission ): bool {
		return $submission === $this->opted_in;
	}

	/**
	 * Stores what was sent, also when the site's own mail failed: the opt-in must not depend on it.
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
			$stored   = ! $settings->enabled || $this->take( Submission::from( $form, $submission, $settings ), $form, $submission );
		} catch ( Throwable $error ) {
			$stored = false;
		}
		$this->loss = '';
		if ( ! $stored ) {
			Log::note( sprintf( 'a submission of form %d could not be stored.', $form->id() ) );
			if ( array() !== Form_Settings::of( $form )->complete() ) {
				$this->loss = __( 'Your subscription could not be stored. Please try again later.', 'gateway-connector' );
				$submission->set_response( $this->loss ); // For a page without script.
			}
		}
	}

	/**
	 * Replaces the form's message, because "Thank you" would not be true.
	 *
	 * @param mixed $response The answer to the script.
	 */
	public function tell_loss( $response ) {
		if ( '' !== $this->loss && is_array( $response ) ) {
			$response['message'] = $this->loss;
		}
		return $response;
	}

	private function take( array $document, WPCF7_ContactForm $form, WPCF7_Submission $submission ): bool {
		$before         = did_action( Spool::STORED );
		$taken          = $this->intake->take( $document, $form );
		$stored         = did_action( Spool::STORED ) > $before; // A filter may refuse it: then it is taken but not stored.
		$this->opted_in = $stored && array() !== $document['subscribe'] ? $submission : null;
		return $taken;
	}
}
