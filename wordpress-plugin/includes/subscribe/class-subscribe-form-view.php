<?php
/**
 * What a subscribe form looks like.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Makes the form's HTML. The box is never ticked in advance, because such consent is not valid.
 */
final class Subscribe_Form_View {

	private Subscribe_Form $form;

	private Subscribe_Listener $listener;

	/**
	 * The place of the form on the page: the id of its element.
	 */
	private string $place;

	public function __construct( Subscribe_Form $form, Subscribe_Listener $listener ) {
		$this->form     = $form;
		$this->listener = $listener;
		$this->place    = wp_unique_prefixed_id( 'gateway-form-' );
	}

	/**
	 * The form.
	 *
	 * @param string $attributes Attributes of the outer element, escaped.
	 */
	public function html( string $attributes ): string {
		return $this->form->in_its_language(
			function () use ( $attributes ): string {
				ob_start();
				$this->print( $attributes );
				return (string) ob_get_clean();
			}
		);
	}

	private function print( string $attributes ): void {
		$sent = $this->listener->is_sent( $this->place );
		printf(
			'<div %s id="%s" lang="%s" data-failed="%s">',
			$attributes, // phpcs:ignore WordPress.Security.EscapeOutput -- get_block_wrapper_attributes() has escaped them.
			esc_attr( $this->place ),
			esc_attr( str_replace( '_', '-', $this->form->language ) ),
			esc_attr__( 'This could not be sent. Please try again.', 'gateway-connector' )
		);
		if ( ! $sent ) {
			$this->print_form();
		}
		// It is there from the start, so that a screen reader hears what the script writes into it.
		printf(
			'<p class="gateway-subscribe-answer" role="status" tabindex="-1" id="%s">%s</p></div>',
			esc_attr( $this->id( 'answer' ) ),
			esc_html( $sent ? $this->form->success : $this->listener->complaint( $this->place ) )
		);
	}

	private function print_form(): void {
		echo '<form method="post">';
		$this->print_input( Subscribe_Listener::EMAIL, 'email', __( 'Email address', 'gateway-connector' ), 'email', true );
		if ( $this->form->with_name ) {
			$this->print_input( Subscribe_Listener::NAME, 'text', __( 'Name (optional)', 'gateway-connector' ), 'name', false );
		}
		$this->print_box();
		Bot_Trap::print( $this->listener->typed( $this->place, Bot_Trap::TIME ) );
		printf( '<input type="hidden" name="%s" value="%s" />', esc_attr( Subscribe_Listener::FORM ), esc_attr( $this->form->signed() ) );
		printf( '<input type="hidden" name="%s" value="%s" />', esc_attr( Subscribe_Listener::PLACE ), esc_attr( $this->place ) );
		printf( '<p><button type="submit" class="wp-element-button">%s</button></p></form>', esc_html( $this->form->button ) );
	}

	private function print_input( string $name, string $type, string $label, string $autocomplete, bool $required ): void {
		printf(
			'<p class="gateway-subscribe-field"><label for="%1$s">%2$s</label><input type="%3$s" id="%1$s" name="%4$s" value="%5$s"'
				. ' autocomplete="%6$s" maxlength="%7$d" aria-describedby="%8$s" %9$s /></p>',
			esc_attr( $this->id( $autocomplete ) ),
			esc_html( $label ),
			esc_attr( $type ),
			esc_attr( $name ),
			esc_attr( $this->listener->typed( $this->place, $name ) ),
			esc_attr( $autocomplete ),
			200,
			esc_attr( $this->id( 'answer' ) ),
			$required ? 'required' : ''
		);
	}

	private function print_box(): void {
		printf(
			'<p class="gateway-subscribe-consent"><input type="checkbox" id="%1$s" name="%2$s" value="1" required %3$s />'
				. '<span><label for="%1$s">%4$s</label>%5$s</span></p>',
			esc_attr( $this->id( 'consent' ) ),
			esc_attr( Subscribe_Listener::BOX ),
			checked( '' !== $this->listener->typed( $this->place, Subscribe_Listener::BOX ), true, false ),
			esc_html( $this->form->label ),
			'' === $this->form->policy
				? ''
				: sprintf( ' <a href="%s">%s</a>', esc_url( $this->form->policy ), esc_html__( 'Privacy policy', 'gateway-connector' ) )
		);
	}

	private function id( string $part ): string {
		return $this->place . '-' . $part;
	}
}
